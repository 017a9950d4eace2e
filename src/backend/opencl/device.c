#include "backend/opencl/device.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_PLATFORMS = 16, PLATFORM_NOT_FOUND = -1001 /* cl_khr_icd's */ };

/* ---- Listing
 * ------------------------------------------------------------------------------------- */

static void describe(const opencl_api *api, opencl_device *device)
{
  if (api->clGetDeviceInfo(device->id, CL_DEVICE_TYPE, sizeof device->type, &device->type, NULL))
    device->type = CL_DEVICE_TYPE_DEFAULT;
  /* OpenCL refuses a text that does not fit (CL_INVALID_VALUE), so read into a large buffer and
   * cut here. */
  char text[256] = "?";
  api->clGetDeviceInfo(device->id, CL_DEVICE_NAME, sizeof text, text, NULL);
  snprintf(device->name, sizeof device->name, "%.127s", text + strspn(text, " "));
  snprintf(text, sizeof text, "?");
  api->clGetDeviceInfo(device->id, CL_DRIVER_VERSION, sizeof text, text, NULL);
  snprintf(device->driver, sizeof device->driver, "%.63s", text);
}

static void list_platform(const opencl_api *api, cl_platform_id platform, opencl_devices *devices)
{
  cl_device_id ids[sizeof devices->device / sizeof *devices->device];
  cl_uint found = 0, room = (cl_uint)(sizeof ids / sizeof *ids) - (cl_uint)devices->count;
  /* A platform without devices, or with a driver that fails, adds none. */
  if (room == 0 || api->clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, room, ids, &found)) return;
  for (cl_uint i = 0; i < found && i < room; i++) {
    opencl_device *device = &devices->device[devices->count++];
    *device = (opencl_device){.platform = platform, .id = ids[i]};
    describe(api, device);
  }
}

dla_status opencl_list_devices(const opencl_api *api, opencl_devices *devices, dla_error *err)
{
  cl_platform_id platforms[MOST_PLATFORMS];
  cl_uint count = 0;
  *devices = (opencl_devices){0};
  cl_int code = api->clGetPlatformIDs(MOST_PLATFORMS, platforms, &count);
  if (code == PLATFORM_NOT_FOUND) return DLA_OK;
  if (code) return opencl_fail(err, "backend.name", "clGetPlatformIDs", code);
  for (cl_uint i = 0; i < count && i < MOST_PLATFORMS; i++)
    list_platform(api, platforms[i], devices);
  return DLA_OK;
}

/* ---- Choosing
 * ------------------------------------------------------------------------------------ */

static const char *type_name(cl_device_type type)
{
  if (type & CL_DEVICE_TYPE_GPU) return "GPU";
  if (type & CL_DEVICE_TYPE_ACCELERATOR) return "accelerator";
  return type & CL_DEVICE_TYPE_CPU ? "CPU" : "other";
}

void opencl_describe_devices(const opencl_devices *devices, char *text, size_t size)
{
  text[0] = '\0';
  for (int i = 0; i < devices->count; i++) {
    const opencl_device *d = &devices->device[i];
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%d: %.47s, %s, driver %.31s", i ? "; " : "", i,
             d->name, type_name(d->type), d->driver);
  }
}

static bool contains(const char *name, const char *part)
{
  size_t length = strlen(part);
  for (; *name; name++)
    if (strncasecmp(name, part, length) == 0) return true;
  return false;
}

static const opencl_device *find(const opencl_devices *devices, const char *wanted)
{
  bool number = wanted[0] && wanted[strspn(wanted, "0123456789")] == '\0' && strlen(wanted) < 4;
  if (number && strtol(wanted, NULL, 10) < devices->count)
    return &devices->device[strtol(wanted, NULL, 10)];
  for (int i = 0; i < devices->count; i++) {
    const opencl_device *d = &devices->device[i];
    if (wanted[0] ? contains(d->name, wanted) : (d->type & CL_DEVICE_TYPE_GPU) != 0) return d;
  }
  return NULL;
}

dla_status opencl_choose_device(const opencl_devices *devices, const char *wanted,
                                const opencl_device **chosen, dla_error *err)
{
  char list[384], what[80] = "no GPU";
  if (!wanted) wanted = "";
  *chosen = find(devices, wanted);
  if (*chosen) return DLA_OK;
  if (devices->count == 0)
    return dla_fail(err, DLA_E_UNSUPPORTED, "backend.device",
                    "install the device's OpenCL driver; for the processor, on Debian: apt-get "
                    "install pocl-opencl-icd",
                    "OpenCL finds no device here");
  opencl_describe_devices(devices, list, sizeof list);
  if (wanted[0]) snprintf(what, sizeof what, "no '%.60s'", wanted);
  return dla_fail(err, DLA_E_INPUT, "backend.device", "set it to a number or a part of a name",
                  "%s among OpenCL's devices, which are %s", what, list);
}
