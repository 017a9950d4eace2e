/* The kernels, built for a device. The driver's binary is kept in the user's cache folder, so
 * they are compiled once per device, driver and source. */
#ifndef DLA_OPENCL_PROGRAM_H
#define DLA_OPENCL_PROGRAM_H

#include "backend/opencl/device.h"

/* If the cache cannot be read or written, the kernels are compiled; that is no error. */
dla_status opencl_build_program(const opencl_api *api, cl_context context,
                                const opencl_device *device, cl_program *program, dla_error *err);

#endif
