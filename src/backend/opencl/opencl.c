/* The OpenCL backend: products of matrices by CLBlast, everything else by the kernels in
 * kernels/. Parameters and activations stay on the device. Layouts are plain: NCHW, OIHW. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "backend/backends.h"
#include "backend/opencl/internal.h"
#include "backend/opencl/program.h"
#include "base/try.h"

static opencl_op *const ops[DLA_OP_COUNT] = {
    [DLA_OP_CONV2D] = opencl_conv2d,
    [DLA_OP_BATCH_NORM] = opencl_batch_norm,
    [DLA_OP_RELU] = opencl_relu,
    [DLA_OP_ADD] = opencl_add,
    [DLA_OP_CONCAT] = opencl_concat,
    [DLA_OP_CONVERT] = opencl_convert,
    [DLA_OP_AVG_POOL] = opencl_pool,
    [DLA_OP_MAX_POOL] = opencl_pool,
    [DLA_OP_LINEAR] = opencl_linear,
    [DLA_OP_DROPOUT] = opencl_dropout,
    [DLA_OP_STOCHASTIC_DEPTH] = opencl_dropout,
    [DLA_OP_SOFTMAX_CROSS_ENTROPY] = opencl_softmax_cross_entropy,
    [DLA_OP_UPDATE] = opencl_update,
    [DLA_OP_FOLD_BATCH_NORM] = opencl_fold_batch_norm,
};

static const char *version(const char *device, char text[DLA_BACKEND_VERSION])
{
  opencl_api api;
  opencl_devices devices;
  const opencl_device *chosen = NULL;
  if (opencl_load(&api, NULL)) return "OpenCL does not load";
  if (opencl_list_devices(&api, &devices, NULL) || devices.count == 0) return "no device";
  if (!device)
    opencl_describe_devices(&devices, text, DLA_BACKEND_VERSION);
  else if (opencl_choose_device(&devices, device, &chosen, NULL))
    return "no such device";
  else
    snprintf(text, DLA_BACKEND_VERSION, "%.47s, driver %.31s", chosen->name, chosen->driver);
  return text;
}

static void destroy(void *backend)
{
  opencl_backend *b = backend;
  if (!b) return;
  for (int k = 0; k < OPENCL_KERNEL_COUNT; k++)
    if (b->kernel[k]) b->api.clReleaseKernel(b->kernel[k]);
  if (b->program) b->api.clReleaseProgram(b->program);
  if (b->queue) b->api.clReleaseCommandQueue(b->queue);
  if (b->context) b->api.clReleaseContext(b->context);
  free(b);
}

static dla_status choose(opencl_backend *b, const char *wanted, dla_error *err)
{
  opencl_devices devices;
  const opencl_device *chosen = NULL;
  TRY(opencl_load(&b->api, err));
  TRY(opencl_list_devices(&b->api, &devices, err));
  TRY(opencl_choose_device(&devices, wanted, &chosen, err));
  b->device = *chosen;
  return opencl_load_clblast(&b->api, err);
}

static dla_status create_kernels(opencl_backend *b, dla_error *err)
{
  TRY(opencl_build_program(&b->api, b->context, &b->device, &b->program, err));
  for (int k = 0; k < OPENCL_KERNEL_COUNT; k++) {
    cl_int code;
    b->kernel[k] = b->api.clCreateKernel(b->program, opencl_kernel_names[k], &code);
    if (!b->kernel[k]) return opencl_fail(err, b->device.name, opencl_kernel_names[k], code);
  }
  return DLA_OK;
}

static dla_status open_device(opencl_backend *b, const char *wanted, dla_error *err)
{
  cl_int code;
  TRY(choose(b, wanted, err));
  const cl_context_properties properties[] = {CL_CONTEXT_PLATFORM,
                                              (cl_context_properties)b->device.platform, 0};
  b->context = b->api.clCreateContext(properties, 1, &b->device.id, NULL, NULL, &code);
  if (!b->context) return opencl_fail(err, b->device.name, "clCreateContext", code);
  b->queue = b->api.clCreateCommandQueue(b->context, b->device.id, 0, &code);
  if (!b->queue) return opencl_fail(err, b->device.name, "clCreateCommandQueue", code);
  return create_kernels(b, err);
}

static dla_status create(const dla_backend_options *options, void **backend, dla_error *err)
{
  opencl_backend *b = calloc(1, sizeof *b);
  if (!b) return dla_fail_memory(err, "the backend");
  dla_status status = open_device(b, options->device, err);
  if (status)
    destroy(b);
  else
    *backend = b;
  return status;
}

static dla_status plan_value(dla_value *value, dla_error *err)
{
  /* Kernels count elements in 32 bits, and the last work group may run past the end. */
  if (dla_shape_count(&value->shape) > INT_MAX / 2)
    return dla_fail(err, DLA_E_UNSUPPORTED, value->name, "choose a smaller batch",
                    "the opencl backend has at most %d elements a tensor", INT_MAX / 2);
  value->bytes = dla_value_plain_bytes(value);
  bool image = value->shape.rank == 4 && value->parameter < 0;
  snprintf(value->layout, sizeof value->layout, "%s", image ? "nchw" : "plain");
  return DLA_OK;
}

static dla_status plan(void *backend, dla_program *program, void **plan, dla_error *err)
{
  for (int i = 0; i < program->value_count; i++)
    TRY(plan_value(&program->value[i], err));
  if (program->mode == DLA_MODE_TRAINING) TRY(opencl_check_optimizer(program, err));
  for (int i = 0; i < program->instruction_count; i++) {
    dla_instruction *instruction = &program->instruction[i];
    if ((unsigned)instruction->op >= DLA_OP_COUNT || !ops[instruction->op])
      return dla_fail(err, DLA_E_UNSUPPORTED, instruction->name, "choose another backend",
                      "the opencl backend has no %s", dla_op_name(instruction->op));
    instruction->scratchpad_bytes =
        instruction->op == DLA_OP_CONV2D ? opencl_conv2d_scratchpad(program, instruction) : 0;
    if (instruction->scratchpad_bytes / sizeof(float) > INT_MAX / 2)
      return dla_fail(err, DLA_E_UNSUPPORTED, instruction->name, "choose another backend",
                      "the windows of an image are too many for the opencl backend");
  }
  *plan = backend;
  return DLA_OK;
}

static dla_status bind_memory(void *plan, const dla_program *program, dla_error *err)
{
  (void)plan, (void)program, (void)err; /* execute() reads the addresses itself */
  return DLA_OK;
}

static dla_status execute(void *plan, const dla_program *program, int instruction, dla_error *err)
{
  const dla_instruction *i = &program->instruction[instruction];
  return ops[i->op](plan, program, i, err);
}

/* The plan is the backend itself: nothing to free. */
static void release(void *plan)
{
  (void)plan;
}

static dla_status read_value(void *plan, const dla_value *value, float *plain, dla_error *err)
{
  return opencl_memory.read(plan, value->data, plain, dla_value_plain_bytes(value), err);
}

static dla_status write_value(void *plan, const dla_value *value, const float *plain,
                              dla_error *err)
{
  return opencl_memory.write(plan, value->data, plain, dla_value_plain_bytes(value), err);
}

static const char *implementation(void *plan, int instruction)
{
  (void)plan, (void)instruction;
  return "opencl";
}

const dla_backend dla_backend_opencl = {
    .name = "opencl",
    .version = version,
    .create = create,
    .destroy = destroy,
    .memory = &opencl_memory,
    .plan = plan,
    .bind = bind_memory,
    .execute = execute,
    .release = release,
    .read = read_value,
    .write = write_value,
    .implementation = implementation,
};
