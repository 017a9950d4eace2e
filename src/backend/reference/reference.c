#include "backend/reference/reference.h"

#include <stdio.h>
#include <string.h>

#include "backend/backends.h"

static reference_op *const ops[DLA_OP_COUNT] = {
    [DLA_OP_CONV2D] = reference_conv2d,
    [DLA_OP_BATCH_NORM] = reference_batch_norm,
    [DLA_OP_RELU] = reference_relu,
    [DLA_OP_ADD] = reference_add,
    [DLA_OP_CONCAT] = reference_concat,
    [DLA_OP_AVG_POOL] = reference_avg_pool,
    [DLA_OP_MAX_POOL] = reference_max_pool,
    [DLA_OP_LINEAR] = reference_linear,
    [DLA_OP_DROPOUT] = reference_dropout,
    [DLA_OP_STOCHASTIC_DEPTH] = reference_dropout,
    [DLA_OP_SOFTMAX_CROSS_ENTROPY] = reference_softmax_cross_entropy,
    [DLA_OP_CLIP_GRAD_NORM] = reference_clip_grad_norm,
    [DLA_OP_UPDATE] = reference_update,
    [DLA_OP_CONVERT] = reference_convert,
    [DLA_OP_FOLD_BATCH_NORM] = reference_fold_batch_norm,
};

static const char *version(const char *device, char text[DLA_BACKEND_VERSION])
{
  (void)device, (void)text;
  return "naive C";
}

/* No state, neither for the backend nor for a plan. */
static dla_status create(const dla_backend_options *options, void **backend, dla_error *err)
{
  (void)options, (void)err;
  *backend = NULL;
  return DLA_OK;
}

static void destroy(void *backend)
{
  (void)backend;
}

static dla_status plan(void *backend, dla_program *program, void **plan, dla_error *err)
{
  (void)backend;
  *plan = NULL;
  for (int i = 0; i < program->value_count; i++) {
    dla_value *value = &program->value[i];
    value->bytes = dla_value_plain_bytes(value);
    snprintf(value->layout, sizeof value->layout, "%s",
             value->shape.rank == 4 && value->parameter < 0 ? "nchw" : "plain");
  }
  for (int i = 0; i < program->instruction_count; i++) {
    dla_instruction *instruction = &program->instruction[i];
    instruction->scratchpad_bytes = 0;
    if ((unsigned)instruction->op >= DLA_OP_COUNT || !ops[instruction->op])
      return dla_fail(err, DLA_E_UNSUPPORTED, instruction->name, NULL,
                      "the reference backend has no %s", dla_op_name(instruction->op));
  }
  return DLA_OK;
}

static dla_status bind(void *plan, const dla_program *program, dla_error *err)
{
  (void)plan, (void)program, (void)err;
  return DLA_OK;
}

static dla_status execute(void *plan, const dla_program *program, int instruction, dla_error *err)
{
  (void)plan, (void)err;
  const dla_instruction *i = &program->instruction[instruction];
  ops[i->op](program, i);
  return DLA_OK;
}

static void release(void *plan)
{
  (void)plan;
}

static dla_status read(void *plan, const dla_value *value, float *plain, dla_error *err)
{
  (void)plan, (void)err;
  memcpy(plain, value->data, dla_value_plain_bytes(value));
  return DLA_OK;
}

static dla_status write(void *plan, const dla_value *value, const float *plain, dla_error *err)
{
  (void)plan, (void)err;
  memcpy(value->data, plain, dla_value_plain_bytes(value));
  return DLA_OK;
}

static const char *implementation(void *plan, int instruction)
{
  (void)plan, (void)instruction;
  return "reference";
}

const dla_backend dla_backend_reference = {
    .name = "reference",
    .version = version,
    .create = create,
    .destroy = destroy,
    .plan = plan,
    .bind = bind,
    .execute = execute,
    .release = release,
    .read = read,
    .write = write,
    .implementation = implementation,
};
