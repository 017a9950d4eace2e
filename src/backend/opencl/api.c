#include "backend/opencl/api.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define OPENCL_SONAME  "libOpenCL.so.1"
#define CLBLAST_SONAME "libclblast.so.1"

static void *load(const char *soname, const char *package, dla_error *err)
{
  void *handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
  if (handle) return handle;
  const char *why = dlerror();
  char hint[64];
  snprintf(hint, sizeof hint, "on Debian: apt-get install %s", package);
  dla_fail(err, DLA_E_UNSUPPORTED, "backend.name", hint,
           "the opencl backend needs %s, which does not load: %s", soname, why ? why : "");
  return NULL;
}

/* Stores a function of the library in the pointer at *function. ISO C has no cast for it. */
static bool find(void *handle, const char *name, void *function)
{
  void *symbol = dlsym(handle, name);
  memcpy(function, &symbol, sizeof symbol);
  return symbol;
}

static dla_status fail_lacks(const char *soname, const char *name, dla_error *err)
{
  return dla_fail(err, DLA_E_UNSUPPORTED, "backend.name", "install a newer one", "%s lacks %s",
                  soname, name);
}

dla_status opencl_load(opencl_api *api, dla_error *err)
{
  void *handle = load(OPENCL_SONAME, "ocl-icd-libopencl1", err);
  if (!handle) return DLA_E_UNSUPPORTED;
#define OPENCL_FIND(name)                                                                          \
  if (!find(handle, #name, &api->name)) return fail_lacks(OPENCL_SONAME, #name, err);
  OPENCL_FUNCTIONS(OPENCL_FIND)
#undef OPENCL_FIND
  return DLA_OK;
}

dla_status opencl_load_clblast(opencl_api *api, dla_error *err)
{
  void *handle = load(CLBLAST_SONAME, "libclblast1", err);
  if (!handle) return DLA_E_UNSUPPORTED;
  if (!find(handle, "CLBlastSgemm", &api->CLBlastSgemm))
    return fail_lacks(CLBLAST_SONAME, "CLBlastSgemm", err);
  return DLA_OK;
}

/* Names of codes that a user may meet. Others are bugs of ours; their number is enough. */
static const char *name_of(cl_int code)
{
  static const struct {
    cl_int code;
    const char *name;
  } names[] = {
      {CL_DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND"},
      {CL_DEVICE_NOT_AVAILABLE, "CL_DEVICE_NOT_AVAILABLE"},
      {CL_COMPILER_NOT_AVAILABLE, "CL_COMPILER_NOT_AVAILABLE"},
      {CL_MEM_OBJECT_ALLOCATION_FAILURE, "CL_MEM_OBJECT_ALLOCATION_FAILURE"},
      {CL_OUT_OF_RESOURCES, "CL_OUT_OF_RESOURCES"},
      {CL_OUT_OF_HOST_MEMORY, "CL_OUT_OF_HOST_MEMORY"},
      {CL_BUILD_PROGRAM_FAILURE, "CL_BUILD_PROGRAM_FAILURE"},
      {CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
       "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"},
      {CL_LINK_PROGRAM_FAILURE, "CL_LINK_PROGRAM_FAILURE"},
      {CL_INVALID_VALUE, "CL_INVALID_VALUE"},
      {CL_INVALID_DEVICE, "CL_INVALID_DEVICE"},
      {CL_INVALID_CONTEXT, "CL_INVALID_CONTEXT"},
      {CL_INVALID_COMMAND_QUEUE, "CL_INVALID_COMMAND_QUEUE"},
      {CL_INVALID_MEM_OBJECT, "CL_INVALID_MEM_OBJECT"},
      {CL_INVALID_BINARY, "CL_INVALID_BINARY"},
      {CL_INVALID_BUILD_OPTIONS, "CL_INVALID_BUILD_OPTIONS"},
      {CL_INVALID_PROGRAM, "CL_INVALID_PROGRAM"},
      {CL_INVALID_PROGRAM_EXECUTABLE, "CL_INVALID_PROGRAM_EXECUTABLE"},
      {CL_INVALID_KERNEL_NAME, "CL_INVALID_KERNEL_NAME"},
      {CL_INVALID_KERNEL_ARGS, "CL_INVALID_KERNEL_ARGS"},
      {CL_INVALID_ARG_SIZE, "CL_INVALID_ARG_SIZE"},
      {CL_INVALID_WORK_GROUP_SIZE, "CL_INVALID_WORK_GROUP_SIZE"},
      {CL_INVALID_OPERATION, "CL_INVALID_OPERATION"},
      {CL_INVALID_BUFFER_SIZE, "CL_INVALID_BUFFER_SIZE"},
      {-1001, "CL_PLATFORM_NOT_FOUND_KHR"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].code == code) return names[i].name;
  return "";
}

dla_status opencl_fail(dla_error *err, const char *where, const char *call, cl_int code)
{
  bool memory = code == CL_MEM_OBJECT_ALLOCATION_FAILURE || code == CL_OUT_OF_HOST_MEMORY;
  const char *hint = memory || code == CL_OUT_OF_RESOURCES
                         ? "the device may lack memory: try a smaller train.batch_size"
                         : NULL;
  return dla_fail(err, memory ? DLA_E_MEMORY : DLA_E_INTERNAL, where, hint, "%s: %s (%d)", call,
                  name_of(code)[0] ? name_of(code) : "failed", code);
}
