/* OpenCL and CLBlast, loaded when a backend is created: other backends neither need them nor wait
 * for them. */
#ifndef DLA_OPENCL_API_H
#define DLA_OPENCL_API_H

#define CL_TARGET_OPENCL_VERSION 120 /* every driver has it */
#include <CL/cl.h>
#include <clblast_c.h>

#include "dla/status.h"

#define OPENCL_FUNCTIONS(F)                                                                        \
  F(clGetPlatformIDs)                                                                              \
  F(clGetPlatformInfo)                                                                             \
  F(clGetDeviceIDs)                                                                                \
  F(clGetDeviceInfo)                                                                               \
  F(clCreateContext)                                                                               \
  F(clReleaseContext)                                                                              \
  F(clCreateCommandQueue)                                                                          \
  F(clReleaseCommandQueue)                                                                         \
  F(clCreateBuffer)                                                                                \
  F(clReleaseMemObject)                                                                            \
  F(clEnqueueReadBuffer)                                                                           \
  F(clEnqueueWriteBuffer)                                                                          \
  F(clEnqueueFillBuffer)                                                                           \
  F(clFinish)                                                                                      \
  F(clCreateProgramWithSource)                                                                     \
  F(clCreateProgramWithBinary)                                                                     \
  F(clBuildProgram)                                                                                \
  F(clGetProgramBuildInfo)                                                                         \
  F(clGetProgramInfo)                                                                              \
  F(clReleaseProgram)                                                                              \
  F(clCreateKernel)                                                                                \
  F(clReleaseKernel)                                                                               \
  F(clSetKernelArg)                                                                                \
  F(clEnqueueNDRangeKernel)

/* Members have the names of their functions. */
typedef struct opencl_api {
#define OPENCL_MEMBER(name) __typeof__(name) *name;
  OPENCL_FUNCTIONS(OPENCL_MEMBER)
#undef OPENCL_MEMBER
  __typeof__(CLBlastSgemm) *CLBlastSgemm;
} opencl_api;

/* Loads both; OpenCL alone is enough to list devices. The libraries stay loaded: drivers start
 * threads that run on after an unload. */
dla_status opencl_load(opencl_api *api, dla_error *err);
dla_status opencl_load_clblast(opencl_api *api, dla_error *err);

/* An error with the call and its code: "clBuildProgram: CL_OUT_OF_RESOURCES". where may be NULL. */
dla_status opencl_fail(dla_error *err, const char *where, const char *call, cl_int code);

#endif
