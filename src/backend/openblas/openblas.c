/* The OpenBLAS backend: convolutions by our own kernels or by implicit im2col and SGEMM, linear
 * by SGEMM, the rest by src/kernels. All work on the blocked layouts of kernels.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/backends.h"
#include "backend/openblas/internal.h"
#include "backend/openblas/layout.h"
#include "kernels/kernels.h"

static const char *version(const char *device, char text[DLA_BACKEND_VERSION])
{
  (void)device;
  openblas_library library;
  dla_isa isa;
  dla_error err = {0};
  if (dla_isa_choose(&isa, &err) || openblas_load(&library, isa, &err))
    return "OpenBLAS does not load";
  snprintf(text, DLA_BACKEND_VERSION, "%s, core %s", library.version, library.core);
  openblas_unload(&library);
  return text;
}

static void destroy(void *backend)
{
  openblas_backend *b = backend;
  if (b) openblas_unload(&b->library);
  free(b);
}

static dla_status create(const dla_backend_options *options, void **backend, dla_error *err)
{
  openblas_backend *b = calloc(1, sizeof *b);
  if (!b) return dla_fail_memory(err, "the backend");
  b->blocked = blocked_options_of(options);
  dla_status status = openblas_load(&b->library, options->isa, err);
  if (status) {
    free(b);
    return status;
  }
  snprintf(b->product, sizeof b->product, "sgemm:%s", b->library.core);
  for (int own = BLOCKED_WINOGRAD; own <= BLOCKED_POINTWISE; own++) {
    blocked_own_name(b->blocked.leaf, (blocked_own)own, b->own[0][own]);
    blocked_own_name(b->blocked.half, (blocked_own)own, b->own[1][own]);
  }
  *backend = b;
  return DLA_OK;
}

typedef struct openblas_plan {
  const openblas_backend *backend;
  const dla_program *program;
} openblas_plan;

static bool takes_bf16(const void *backend, const dla_program *program, const dla_instruction *i)
{
  return blocked_takes_bf16(&((const openblas_backend *)backend)->blocked, program, i);
}

static void release(void *plan)
{
  free(plan);
}

static void lay_out(const openblas_backend *b, dla_program *program, int index)
{
  dla_value *value = &program->value[index];
  const dla_shape *shape = &value->shape;
  int block = b->blocked.block;
  char *layout = value->layout;
  value->bytes = dla_value_plain_bytes(value);
  if (shape->rank == 1) {
    if (value->kind != DLA_VALUE_LABELS) value->bytes = blocked_channel_bytes(value, block);
    snprintf(layout, sizeof value->layout, "x");
  } else if (shape->rank != 4) {
    snprintf(layout, sizeof value->layout, "nc");
  } else if (blocked_is_weights(program, index) && blocked_is_grouped(program, index)) {
    snprintf(layout, sizeof value->layout, "oihw");
  } else if (blocked_is_weights(program, index)) {
    value->bytes = openblas_weights_bytes(shape, block);
    snprintf(layout, sizeof value->layout, "OIhw%di%do", block, block);
  } else {
    value->bytes = (size_t)(shape->dim[0] * openblas_pad(shape->dim[1], block) * shape->dim[2] *
                            shape->dim[3]) *
                   dla_dtype_size(value->dtype);
    snprintf(layout, sizeof value->layout, "nChw%dc", block);
  }
}

static dla_status plan_instruction(const openblas_backend *b, const dla_program *program,
                                   dla_instruction *i, dla_error *err)
{
  i->scratchpad_bytes = 0;
  if (blocked_own_kernel(&b->blocked, program, i))
    i->scratchpad_bytes = blocked_own_scratchpad(&b->blocked, program, i);
  else if (i->op == DLA_OP_CONV2D)
    i->scratchpad_bytes = openblas_convolution_scratchpad(b, program, i);
  else if (i->op == DLA_OP_LINEAR)
    i->scratchpad_bytes = openblas_linear_scratchpad(program, i);
  else if (i->op != DLA_OP_FOLD_BATCH_NORM)
    return blocked_plan_vector(&b->blocked, program, i, err);
  return DLA_OK;
}

static dla_status plan(void *backend, dla_program *program, void **plan_out, dla_error *err)
{
  openblas_plan *p = calloc(1, sizeof *p);
  if (!p) return dla_fail_memory(err, "the plan");
  *p = (openblas_plan){backend, program};
  for (int i = 0; i < program->value_count; i++)
    lay_out(backend, program, i);
  dla_status status = DLA_OK;
  for (int i = 0; i < program->instruction_count && !status; i++)
    status = plan_instruction(backend, program, &program->instruction[i], err);
  if (status)
    free(p);
  else
    *plan_out = p;
  return status;
}

static dla_status bind_memory(void *plan, const dla_program *program, dla_error *err)
{
  (void)plan, (void)program, (void)err; /* execute() reads the addresses itself */
  return DLA_OK;
}

/* An item is a block of out channels. They are the last dimension of the weights. */
typedef struct folding {
  const dla_program *program;
  const dla_instruction *i;
  int64_t block, blocks;
} folding;

static void fold_blocks(const void *context, dla_items *items)
{
  const folding *f = context;
  const dla_value *dst = dla_program_arg(f->program, f->i, DLA_ARG_DST);
  const float *src = backend_data(f->program, f->i, DLA_ARG_SRC);
  int64_t of_block = (int64_t)(dst->bytes / sizeof(float)) / f->blocks;
  float *out = dst->data;
  for (int64_t o; dla_items_next(items, &o);)
    for (int64_t lane = 0; lane < f->block; lane++) {
      int64_t channel = o * f->block + lane;
      bool padding = channel >= dst->shape.dim[0];
      float scale = padding ? 0 : blocked_fold_scale(f->program, f->i, channel);
      for (int64_t k = o * of_block + lane; k < (o + 1) * of_block; k += f->block)
        out[k] = src[k] * scale;
    }
}

static void fold_weights(const openblas_backend *b, const dla_program *program,
                         const dla_instruction *i)
{
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  int block = b->blocked.block;
  const folding f = {program, i, block, openblas_pad(dst->shape.dim[0], block) / block};
  dla_team_run(b->blocked.team, f.blocks, fold_blocks, &f);
}

static dla_status execute(void *plan, const dla_program *program, int instruction, dla_error *err)
{
  (void)err;
  const openblas_backend *b = ((openblas_plan *)plan)->backend;
  const dla_instruction *i = &program->instruction[instruction];
  if (blocked_own_kernel(&b->blocked, program, i))
    blocked_own_execute(&b->blocked, program, i);
  else if (i->op == DLA_OP_CONV2D)
    openblas_convolution(b, program, i);
  else if (i->op == DLA_OP_LINEAR)
    openblas_linear(b, program, i);
  else if (i->op == DLA_OP_FOLD_BATCH_NORM && blocked_folds_bias(program, i))
    blocked_fold_bias(program, i);
  else if (i->op == DLA_OP_FOLD_BATCH_NORM && blocked_is_grouped(program, i->arg[DLA_ARG_DST]))
    blocked_fold_plain(program, i);
  else if (i->op == DLA_OP_FOLD_BATCH_NORM)
    fold_weights(b, program, i);
  else
    blocked_execute_vector(&b->blocked, program, i);
  return DLA_OK;
}

static dla_status read_value(void *plan, const dla_value *value, float *plain, dla_error *err)
{
  (void)err;
  const openblas_plan *p = plan;
  int block = p->backend->blocked.block;
  int index = (int)(value - p->program->value);
  if (value->shape.rank != 4 || blocked_is_grouped(p->program, index))
    memcpy(plain, value->data, (size_t)dla_shape_count(&value->shape) * sizeof *plain);
  else if (blocked_is_weights(p->program, index))
    openblas_weights_read(&value->shape, block, value->data, plain);
  else
    openblas_image_read(p->backend->blocked.team, &value->shape, block, value->data, plain);
  return DLA_OK;
}

static dla_status write_value(void *plan, const dla_value *value, const float *plain,
                              dla_error *err)
{
  (void)err;
  const openblas_plan *p = plan;
  int block = p->backend->blocked.block;
  int index = (int)(value - p->program->value);
  if (value->shape.rank != 4 || blocked_is_grouped(p->program, index))
    memcpy(value->data, plain, (size_t)dla_shape_count(&value->shape) * sizeof *plain);
  else if (blocked_is_weights(p->program, index))
    openblas_weights_write(&value->shape, block, plain, value->data);
  else
    openblas_image_write(p->backend->blocked.team, &value->shape, block, plain, value->data);
  return DLA_OK;
}

static const char *implementation(void *plan, int instruction)
{
  const openblas_plan *p = plan;
  const dla_instruction *i = &p->program->instruction[instruction];
  blocked_own own = blocked_own_kernel(&p->backend->blocked, p->program, i);
  const dla_leaf_kernels *leaf = blocked_leaf(&p->backend->blocked, p->program, i);
  if (own) return p->backend->own[leaf == p->backend->blocked.half][own];
  if (i->op == DLA_OP_CONV2D || i->op == DLA_OP_LINEAR) return p->backend->product;
  return leaf->name;
}

const dla_backend dla_backend_openblas = {
    .name = "openblas",
    .version = version,
    .create = create,
    .destroy = destroy,
    .takes_bf16 = takes_bf16,
    .plan = plan,
    .bind = bind_memory,
    .execute = execute,
    .release = release,
    .read = read_value,
    .write = write_value,
    .implementation = implementation,
};
