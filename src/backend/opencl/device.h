/* Lists the devices of all OpenCL platforms, and chooses one. */
#ifndef DLA_OPENCL_DEVICE_H
#define DLA_OPENCL_DEVICE_H

#include "backend/opencl/api.h"

typedef struct opencl_device {
  cl_platform_id platform;
  cl_device_id id;
  cl_device_type type;
  char name[128], driver[64]; /* "NVIDIA A100-PCIE-40GB", "535.183.01" */
} opencl_device;

typedef struct opencl_devices {
  opencl_device device[32]; /* further ones are ignored */
  int count;
} opencl_devices;

/* In the platforms' order. It is no error if there is no device. */
dla_status opencl_list_devices(const opencl_api *api, opencl_devices *devices, dla_error *err);

/* Chooses by number, or the first whose name contains `wanted`, ignoring case. NULL or "": the
 * first GPU. The error lists the devices. */
dla_status opencl_choose_device(const opencl_devices *devices, const char *wanted,
                                const opencl_device **chosen, dla_error *err);

/* "0: NAME, GPU, driver VERSION; 1: ..." into text, cut if it does not fit. */
void opencl_describe_devices(const opencl_devices *devices, char *text, size_t size);

#endif
