/* OpenCL and CLBlast, loaded when a backend is created: who computes otherwise neither needs them
 * nor waits for them. */
#ifndef DLA_OPENCL_API_H
#define DLA_OPENCL_API_H

#define CL_TARGET_OPENCL_VERSION 120 /* what every driver has */
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

/* Members are called as the functions are. */
typedef struct opencl_api {
#define OPENCL_MEMBER(name) __typeof__(name) *name;
  OPENCL_FUNCTIONS(OPENCL_MEMBER)
#undef OPENCL_MEMBER
  __typeof__(CLBlastSgemm) *CLBlastSgemm;
} opencl_api;

/* OpenCL alone is enough to list devices. The libraries stay loaded: drivers start threads that
 * would outlive their code. */
dla_status opencl_load(opencl_api *api, dla_error *err);
dla_status opencl_load_clblast(opencl_api *api, dla_error *err);

/* What failed, in which call: "clBuildProgram: CL_OUT_OF_RESOURCES". where may be NULL. */
dla_status opencl_fail(dla_error *err, const char *where, const char *call, cl_int code);

#endif
