/* The kernels' source, line by line; the build makes kernels.c from kernels/. */
#ifndef DLA_OPENCL_KERNELS_H
#define DLA_OPENCL_KERNELS_H

extern const char *const opencl_kernel_lines[];
extern const unsigned opencl_kernel_line_count;

#endif
