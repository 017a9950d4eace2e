#include "backend/opencl/program.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "backend/opencl/kernels.h"
#include "base/atomic_file.h"
#include "base/cache_folder.h"
#include "base/make_folder.h"
#include "base/read_file.h"
#include "base/sha256.h"

enum { LARGEST = 64 << 20, DIGITS = DLA_SHA256_TEXT - 1 };
static const char options[] = "-cl-std=CL1.2";

/* ---- The cache: a file per device, driver and source, a SHA-256, then the binary */

/* Empty if there is no place for a cache. */
static dla_status cache_path(const opencl_device *device, dla_strbuf *path, dla_error *err)
{
  dla_strbuf key = {0};
  char digest[DLA_SHA256_TEXT];
  dla_strbuf_printf(&key, "%s\n%s\n%s\n", device->name, device->driver, options);
  for (unsigned i = 0; i < opencl_kernel_line_count; i++)
    dla_strbuf_printf(&key, "%s", opencl_kernel_lines[i]);
  dla_status status = key.failed ? dla_fail_memory(err, "the kernels' cache")
                                 : dla_sha256(key.text, key.length, digest, err);
  dla_strbuf_free(&key);
  if (status) return status;
  dla_cache_folder(path);
  if (path->length) dla_strbuf_printf(path, "/opencl/%.32s", digest);
  return path->failed ? dla_fail_memory(err, "the kernels' cache") : DLA_OK;
}

static bool is_whole(const char *bytes, size_t length)
{
  char digest[DLA_SHA256_TEXT];
  return length > DIGITS && dla_sha256(bytes + DIGITS, length - DIGITS, digest, NULL) == DLA_OK &&
         memcmp(bytes, digest, DIGITS) == 0;
}

/* Builds the cached program; NULL: the cache has none that works. */
static cl_program read_cached(const opencl_api *api, cl_context context,
                              const opencl_device *device, const char *path)
{
  char *bytes = NULL;
  size_t length = 0;
  cl_program program = NULL;
  if (dla_read_file(path, LARGEST, &bytes, &length, NULL) == DLA_OK && is_whole(bytes, length)) {
    const unsigned char *binary = (unsigned char *)bytes + DIGITS;
    size_t size = length - DIGITS;
    cl_int loaded, code;
    program =
        api->clCreateProgramWithBinary(context, 1, &device->id, &size, &binary, &loaded, &code);
    if (program &&
        (code || loaded || api->clBuildProgram(program, 1, &device->id, options, NULL, NULL))) {
      api->clReleaseProgram(program);
      program = NULL;
    }
  }
  free(bytes);
  return program;
}

static void write_file(const char *path, const unsigned char *binary, size_t size)
{
  dla_strbuf text = {0}, folder = {0};
  char digest[DLA_SHA256_TEXT];
  dla_strbuf_append(&folder, path, (size_t)(strrchr(path, '/') - path));
  dla_status status = dla_sha256(binary, size, digest, NULL);
  if (!status) dla_strbuf_append(&text, digest, DIGITS);
  dla_strbuf_append(&text, (const char *)binary, size);
  if (!status && !text.failed && !folder.failed && !dla_make_folder(folder.text, NULL))
    dla_atomic_replace(path, text.text, text.length, NULL);
  dla_strbuf_free(&text);
  dla_strbuf_free(&folder);
}

static void write_cached(const opencl_api *api, cl_program program, const char *path)
{
  size_t size = 0;
  if (api->clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof size, &size, NULL) ||
      size == 0 || size > LARGEST - DIGITS)
    return;
  unsigned char *binary = malloc(size);
  if (binary && !api->clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof binary, &binary, NULL))
    write_file(path, binary, size);
  free(binary);
}

/* ---- Compiling
 * ----------------------------------------------------------------------------------- */

/* The place is the first line of the compiler's log with an error, or else its first line. */
static dla_status fail_build(const opencl_api *api, cl_program program, const opencl_device *device,
                             cl_int code, dla_error *err)
{
  static const cl_program_build_info info = CL_PROGRAM_BUILD_LOG;
  size_t size = 0;
  dla_status status = opencl_fail(err, device->name, "clBuildProgram", code);
  api->clGetProgramBuildInfo(program, device->id, info, 0, NULL, &size);
  char *log = size ? calloc(size + 1, 1) : NULL;
  if (log && !api->clGetProgramBuildInfo(program, device->id, info, size, log, NULL)) {
    const char *at = strstr(log, "error:");
    while (at && at > log && at[-1] != '\n')
      at--;
    if (!at) at = log + strspn(log, " \n");
    int length = (int)strcspn(at, "\n");
    if (length)
      status = dla_fail(err, DLA_E_UNSUPPORTED, device->name, "choose another backend.device",
                        "the driver does not compile the kernels: %.*s", length, at);
  }
  free(log);
  return status;
}

static dla_status compile(const opencl_api *api, cl_context context, const opencl_device *device,
                          cl_program *program, dla_error *err)
{
  cl_int code;
  *program = api->clCreateProgramWithSource(context, opencl_kernel_line_count,
                                            (const char **)opencl_kernel_lines, NULL, &code);
  if (!*program) return opencl_fail(err, device->name, "clCreateProgramWithSource", code);
  code = api->clBuildProgram(*program, 1, &device->id, options, NULL, NULL);
  if (!code) return DLA_OK;
  dla_status status = fail_build(api, *program, device, code, err);
  api->clReleaseProgram(*program);
  *program = NULL;
  return status;
}

dla_status opencl_build_program(const opencl_api *api, cl_context context,
                                const opencl_device *device, cl_program *program, dla_error *err)
{
  dla_strbuf path = {0};
  dla_status status = cache_path(device, &path, err);
  if (!status && path.length) *program = read_cached(api, context, device, path.text);
  if (!status && !*program) {
    status = compile(api, context, device, program, err);
    if (!status && path.length) write_cached(api, *program, path.text);
  }
  dla_strbuf_free(&path);
  return status;
}
