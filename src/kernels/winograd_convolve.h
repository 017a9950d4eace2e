#ifndef DLA_KERNELS_WINOGRAD_CONVOLVE_H
#define DLA_KERNELS_WINOGRAD_CONVOLVE_H

#include "kernels/winograd_problem.h"

/* Floats of scratchpad for forward and backward_data. */
int64_t winograd_convolve_size(const problem *p);

#endif
