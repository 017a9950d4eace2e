/* Which OpenCL device computes; and what its addresses and errors are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backend/opencl/device.h"
#include "backend/opencl/internal.h"

static const opencl_devices one_cpu = {
    .device = {{.type = CL_DEVICE_TYPE_CPU, .name = "pthread-EPYC", .driver = "3.1"}}, .count = 1};

static const opencl_devices many = {
    .device = {{.type = CL_DEVICE_TYPE_CPU, .name = "pthread-EPYC", .driver = "3.1"},
               {.type = CL_DEVICE_TYPE_ACCELERATOR, .name = "FPGA 100", .driver = "1"},
               {.type = CL_DEVICE_TYPE_GPU, .name = "NVIDIA A100", .driver = "535.1"},
               {.type = CL_DEVICE_TYPE_GPU, .name = "NVIDIA A100", .driver = "535.1"},
               {.type = CL_DEVICE_TYPE_GPU, .name = "gfx90a", .driver = "6.0"}},
    .count = 5};

/* The number of the chosen device, or -1 with the error. */
static int choose(const opencl_devices *devices, const char *wanted, dla_error *err)
{
  const opencl_device *chosen = NULL;
  if (opencl_choose_device(devices, wanted, &chosen, err)) return -1;
  return (int)(chosen - devices->device);
}

static void the_first_gpu_unless_told(void **state)
{
  (void)state;
  dla_error err = {0};
  assert_int_equal(choose(&many, NULL, &err), 2);
  assert_int_equal(choose(&many, "", &err), 2);
}

static void by_number_or_part_of_a_name(void **state)
{
  (void)state;
  dla_error err = {0};
  assert_int_equal(choose(&many, "3", &err), 3);
  assert_int_equal(choose(&many, "0", &err), 0);
  assert_int_equal(choose(&many, "nvidia", &err), 2);
  assert_int_equal(choose(&many, "GFX", &err), 4);
  assert_int_equal(choose(&many, "EPYC", &err), 0);
  assert_int_equal(choose(&many, "100", &err), 1); /* no such number, but a part of a name */
  assert_int_equal(choose(&one_cpu, "0", &err), 0);
}

static void expect(const opencl_devices *devices, const char *wanted, dla_status status,
                   const char *what)
{
  dla_error err = {0};
  assert_int_equal(choose(devices, wanted, &err), -1);
  assert_int_equal(err.status, status);
  assert_string_equal(err.where, "backend.device");
  assert_string_equal(err.what, what);
}

static void otherwise_the_devices_are_named(void **state)
{
  (void)state;
  static const opencl_devices none = {.count = 0};
  expect(&one_cpu, "", DLA_E_INPUT,
         "no GPU among OpenCL's devices, which are 0: pthread-EPYC, CPU, driver 3.1");
  expect(&one_cpu, "1", DLA_E_INPUT,
         "no '1' among OpenCL's devices, which are 0: pthread-EPYC, CPU, driver 3.1");
  expect(&one_cpu, "99999999999999999999", DLA_E_INPUT,
         "no '99999999999999999999' among OpenCL's devices, which are 0: pthread-EPYC, CPU, driver "
         "3.1");
  expect(&many, "radeon", DLA_E_INPUT,
         "no 'radeon' among OpenCL's devices, which are 0: pthread-EPYC, CPU, driver 3.1; 1: FPGA "
         "100, accelerator, driver 1; 2: NVIDIA A100, GPU, driver 535.1; 3: NVIDIA A100, GPU, "
         "driver 535.1; 4: gfx90a, GPU, driver 6.0");
  expect(&none, "", DLA_E_UNSUPPORTED, "OpenCL finds no device here");
}

/* As many devices, with names as long, as the list holds. */
static void a_long_list_is_cut(void **state)
{
  (void)state;
  opencl_devices full = {.count = sizeof full.device / sizeof *full.device};
  dla_error err = {0};
  for (int i = 0; i < full.count; i++) {
    full.device[i].type = CL_DEVICE_TYPE_CPU;
    memset(full.device[i].name, 'n', sizeof full.device[i].name - 1);
    memset(full.device[i].driver, 'd', sizeof full.device[i].driver - 1);
  }
  assert_int_equal(choose(&full, "", &err), -1);
  assert_int_equal(choose(&full, "31", &err), 31);
}

static void addresses_are_of_their_block(void **state)
{
  (void)state;
  int a, b; /* stand in for buffers */
  opencl_backend backend = {
      .block = {{(char *)1024, 512, (cl_mem)(void *)&a}, {(char *)1536, 64, (cl_mem)(void *)&b}}};
  opencl_place p = opencl_find(&backend, (void *)1024);
  assert_true(p.buffer == (cl_mem)(void *)&a && p.floats == 0);
  p = opencl_find(&backend, (void *)1532);
  assert_true(p.buffer == (cl_mem)(void *)&a && p.floats == 127);
  p = opencl_find(&backend, (void *)1540);
  assert_true(p.buffer == (cl_mem)(void *)&b && p.floats == 1);
  assert_null(opencl_find(&backend, (void *)1600).buffer);
  assert_null(opencl_find(&backend, NULL).buffer);
}

static void errors_have_their_names(void **state)
{
  (void)state;
  dla_error err = {0};
  assert_int_equal(opencl_fail(&err, "gfx90a", "clFinish", CL_OUT_OF_RESOURCES), DLA_E_INTERNAL);
  assert_string_equal(err.what, "clFinish: CL_OUT_OF_RESOURCES (-5)");
  assert_int_equal(opencl_fail(&err, NULL, "clFinish", CL_MEM_OBJECT_ALLOCATION_FAILURE),
                   DLA_E_MEMORY);
  opencl_fail(&err, NULL, "CLBlastSgemm", -1020);
  assert_string_equal(err.what, "CLBlastSgemm: failed (-1020)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_gpu_unless_told),
      cmocka_unit_test(by_number_or_part_of_a_name),
      cmocka_unit_test(otherwise_the_devices_are_named),
      cmocka_unit_test(a_long_list_is_cut),
      cmocka_unit_test(addresses_are_of_their_block),
      cmocka_unit_test(errors_have_their_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
