/* The devices of all OpenCL platforms, and which of them computes. */
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
  opencl_device device[32]; /* those beyond are not seen */
  int count;
} opencl_devices;

/* In the platforms' order. No device is no error. */
dla_status opencl_list_devices(const opencl_api *api, opencl_devices *devices, dla_error *err);

/* By its number, else the first whose name has `wanted` in it, in upper or lower case; NULL or "":
 * the first GPU. The error lists what there is. */
dla_status opencl_choose_device(const opencl_devices *devices, const char *wanted,
                                const opencl_device **chosen, dla_error *err);

/* "0: NAME, GPU, driver VERSION; 1: ..." into text, cut where it is full. */
void opencl_describe_devices(const opencl_devices *devices, char *text, size_t size);

#endif
