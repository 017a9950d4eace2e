#include <stdio.h>

#include "backend/opencl/internal.h"

enum { GROUP = 64 }; /* as in kernels/common.cl */

const char *const opencl_kernel_names[OPENCL_KERNEL_COUNT] = {
#define OPENCL_NAME(name) #name,
    OPENCL_KERNELS(OPENCL_NAME)
#undef OPENCL_NAME
};

opencl_launch opencl_begin(const opencl_backend *b, opencl_kernel kernel)
{
  return (opencl_launch){.backend = b, .kernel = kernel};
}

static void set(opencl_launch *l, size_t size, const void *value)
{
  const opencl_backend *b = l->backend;
  cl_int code = b->api.clSetKernelArg(b->kernel[l->kernel], l->arguments++, size, value);
  if (!l->code) l->code = code;
}

/* The plan has checked that all sizes fit. */
void opencl_int(opencl_launch *l, int64_t value)
{
  cl_int small = (cl_int)value;
  set(l, sizeof small, &small);
}

void opencl_float(opencl_launch *l, double value)
{
  cl_float single = (cl_float)value;
  set(l, sizeof single, &single);
}

void opencl_address(opencl_launch *l, const void *address)
{
  opencl_place p = opencl_find(l->backend, address);
  set(l, sizeof p.buffer, &p.buffer);
  set(l, sizeof p.floats, &p.floats);
}

void opencl_value(opencl_launch *l, const dla_program *program, const dla_instruction *i,
                  dla_arg arg)
{
  opencl_address(l, backend_data(program, i, arg));
}

void opencl_geometry(opencl_launch *l, const backend_geometry *g)
{
  const int64_t numbers[] = {g->height, g->width,  g->out_height, g->out_width,
                             g->kernel, g->stride, g->padding};
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
    opencl_int(l, numbers[k]);
}

dla_status opencl_run_groups(opencl_launch *l, int64_t count, dla_error *err)
{
  const opencl_backend *b = l->backend;
  size_t local = GROUP, global = (size_t)count * local;
  if (!l->code && count > 0)
    l->code = b->api.clEnqueueNDRangeKernel(b->queue, b->kernel[l->kernel], 1, NULL, &global,
                                            &local, 0, NULL, NULL);
  if (!l->code) return DLA_OK;
  char call[80];
  snprintf(call, sizeof call, "clEnqueueNDRangeKernel of %s", opencl_kernel_names[l->kernel]);
  return opencl_fail(err, b->device.name, call, l->code);
}

dla_status opencl_run(opencl_launch *l, int64_t count, dla_error *err)
{
  return opencl_run_groups(l, (count + GROUP - 1) / GROUP, err);
}

dla_status opencl_multiply(const opencl_backend *b, const opencl_product *p, dla_error *err)
{
  opencl_place a = opencl_find(b, p->a), d = opencl_find(b, p->b), c = opencl_find(b, p->c);
  cl_command_queue queue = b->queue; /* CLBlast takes its address */
  CLBlastStatusCode code = b->api.CLBlastSgemm(
      CLBlastLayoutRowMajor, p->turn_a ? CLBlastTransposeYes : CLBlastTransposeNo,
      p->turn_b ? CLBlastTransposeYes : CLBlastTransposeNo, (size_t)p->m, (size_t)p->n,
      (size_t)p->k, 1, a.buffer, a.floats, (size_t)(p->turn_a ? p->m : p->k), d.buffer, d.floats,
      (size_t)(p->turn_b ? p->k : p->n), p->beta, c.buffer, c.floats, (size_t)p->n, &queue, NULL);
  return code ? opencl_fail(err, b->device.name, "CLBlastSgemm", (cl_int)code) : DLA_OK;
}
