/* The kernels, built for a device; what the driver made of them is kept in the user's cache folder,
 * so that they are compiled once a device, driver and source. */
#ifndef DLA_OPENCL_PROGRAM_H
#define DLA_OPENCL_PROGRAM_H

#include "backend/opencl/device.h"

/* A cache that cannot be read or written is no error: the kernels are compiled then. */
dla_status opencl_build_program(const opencl_api *api, cl_context context,
                                const opencl_device *device, cl_program *program, dla_error *err);

#endif
