/* The oneDNN backend: conv2d and linear by oneDNN's primitives, the rest by src/kernels. All work
 * on one blocked layout (nChw16c, or nChw8c without AVX-512), so no activation is ever reordered.
 * Only the input image is plain, if only primitives read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/backends.h"
#include "backend/onednn/internal.h"
#include "backend/onednn/openmp.h"

static const char *version(const char *device, char text[DLA_BACKEND_VERSION])
{
  (void)device, (void)text;
#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)
  return "oneDNN " TEXT(DNNL_VERSION_MAJOR) "." TEXT(DNNL_VERSION_MINOR) "." TEXT(
      DNNL_VERSION_PATCH);
}

static void destroy(void *backend)
{
  onednn_backend *b = backend;
  if (!b) return;
  for (size_t i = 0; i < b->weights_capacity; i++)
    dla_md_free(b->weights[i]);
  free(b->weights);
  if (b->stream) dnnl_stream_destroy(b->stream);
  if (b->engine) dnnl_engine_destroy(b->engine);
  free(b);
}

static dla_status create(const dla_backend_options *options, void **backend, dla_error *err)
{
  dla_status settled = onednn_settle_openmp(options->team, err);
  if (settled) return settled;
  onednn_backend *b = calloc(1, sizeof *b);
  if (!b) return dla_fail_memory(err, "the backend");
  b->blocked = blocked_options_of(options);
  /* oneDNN has only plain loops for these: a step of SimpleDLA would take minutes. */
  if (options->isa == DLA_ISA_GENERIC || options->isa == DLA_ISA_NEON)
    b->blocked.winograd_pixels = 1;
  b->tuning = options->tuning;
  if (b->tuning) dla_cpu_name(b->cpu);
  dnnl_status_t status = dla_dnnl_hold_to(options->isa);
  if (!status) status = dnnl_engine_create(&b->engine, dnnl_cpu, 0);
  if (!status) status = dnnl_stream_create(&b->stream, b->engine, dnnl_stream_default_flags);
  if (status) {
    destroy(b);
    return onednn_fail(err, NULL, status, "start");
  }
  *backend = b;
  return DLA_OK;
}

static bool takes_bf16(const void *backend, const dla_program *program, const dla_instruction *i)
{
  const onednn_backend *b = backend;
  return blocked_takes_bf16(&b->blocked, program, i) && onednn_may_own(b, program, i);
}

static void release(void *plan)
{
  onednn_plan *p = plan;
  if (!p) return;
  for (int i = 0; p->kernel && i < p->instructions; i++)
    onednn_free_kernel(&p->kernel[i]);
  for (int i = 0; p->md && i < p->values; i++)
    dla_md_free(p->md[i]);
  free(p->kernel);
  free(p->md);
  free(p->plain);
  free(p);
}

/* The input image is plain if only primitives read it. src/kernels needs it blocked. */
static bool image_is_plain(const dla_program *program)
{
  for (int i = 0; i < program->instruction_count; i++)
    for (int k = 0; k < DLA_ARG_COUNT; k++)
      if (program->instruction[i].arg[k] == program->input &&
          !onednn_has_primitive(program->instruction[i].op))
        return false;
  return true;
}

/* A value's layout before any primitive has chosen one: blocked for images, plain for the rest. */
static dla_status lay_out(onednn_plan *plan, dla_program *program, int index, dla_error *err)
{
  dla_value *value = &program->value[index];
  const dla_shape *shape = &value->shape;
  int block = plan->backend->blocked.block;
  bool image = shape->rank == 4 && !blocked_is_weights(program, index);
  dnnl_format_tag_t tag = dnnl_x;
  if (shape->rank == 2) tag = dnnl_ab;
  if (shape->rank == 4) tag = dnnl_nchw;
  if (image && (value->kind != DLA_VALUE_INPUT || !image_is_plain(program)))
    tag = block == 16 ? dnnl_nChw16c : dnnl_nChw8c;
  dnnl_dims_t dims;
  plan->md[index] = dla_md_by_tag(onednn_dims(shape, dims), dims, tag);
  if (!plan->md[index]) return dla_fail_memory(err, "a memory descriptor");
  plan->plain[index] = tag != dnnl_nChw16c && tag != dnnl_nChw8c;
  /* Descriptors use F32: no primitive gets an image of another type. */
  value->bytes =
      dla_md_bytes(plan->md[index]) / dla_dtype_size(DLA_F32) * dla_dtype_size(value->dtype);
  /* Per-channel arrays are padded like the channels; see kernels.h. */
  if (shape->rank == 1 && value->kind != DLA_VALUE_LABELS)
    value->bytes = blocked_channel_bytes(value, block);
  snprintf(value->layout, sizeof value->layout, "%s",
           tag == dnnl_x        ? "x"
           : tag == dnnl_ab     ? "nc"
           : tag == dnnl_nchw   ? (image                                ? "nchw"
                                   : blocked_is_grouped(program, index) ? "oihw"
                                                                        : "blocked")
           : tag == dnnl_nChw8c ? "nChw8c"
                                : "nChw16c");
  return DLA_OK;
}

static dla_status remember_weights(onednn_backend *b, const dla_program *program, dla_error *err)
{
  size_t need = 0;
  for (int i = 0; i < program->value_count; i++)
    if (program->value[i].parameter >= 0 && (size_t)program->value[i].parameter * 8 + 8 > need)
      need = (size_t)program->value[i].parameter * 8 + 8;
  if (need <= b->weights_capacity) return DLA_OK;
  dla_md *weights = realloc(b->weights, need * sizeof *weights);
  if (!weights) return dla_fail_memory(err, "the layouts of the weights");
  memset(weights + b->weights_capacity, 0, (need - b->weights_capacity) * sizeof *weights);
  b->weights = weights;
  b->weights_capacity = need;
  return DLA_OK;
}

static dla_status plan_all(onednn_plan *p, dla_program *program, dla_error *err)
{
  dla_status status = remember_weights(p->backend, program, err);
  for (int i = 0; i < program->value_count && !status; i++)
    status = lay_out(p, program, i, err);
  for (int i = 0; i < program->instruction_count && !status; i++) {
    if (onednn_has_primitive(program->instruction[i].op))
      status = onednn_plan_primitive(p, program, i, err);
    else if (program->instruction[i].op == DLA_OP_FOLD_BATCH_NORM)
      status = onednn_plan_fold(p, program, i, err);
    else
      status = blocked_plan_vector(&p->backend->blocked, program, &program->instruction[i], err);
  }
  return status;
}

static dla_status plan(void *backend, dla_program *program, void **plan_out, dla_error *err)
{
  onednn_plan *p = calloc(1, sizeof *p);
  if (!p) return dla_fail_memory(err, "the plan");
  p->backend = backend;
  p->program = program;
  p->values = program->value_count;
  p->instructions = program->instruction_count;
  p->md = calloc((size_t)p->values, sizeof *p->md);
  p->plain = calloc((size_t)p->values, sizeof *p->plain);
  p->kernel = calloc((size_t)p->instructions, sizeof *p->kernel);
  bool made = p->md && p->plain && p->kernel;
  dla_status status = made ? plan_all(p, program, err) : dla_fail_memory(err, "the plan");
  if (status)
    release(p);
  else
    *plan_out = p;
  return status;
}

static dla_status bind_memory(void *plan, const dla_program *program, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int i = 0; i < program->instruction_count && !status; i++)
    if (onednn_has_primitive(program->instruction[i].op))
      status = onednn_bind_primitive(plan, i, err);
    else if (program->instruction[i].op == DLA_OP_FOLD_BATCH_NORM)
      status = onednn_bind_fold(plan, i, err);
  return status;
}

static dla_status execute(void *plan, const dla_program *program, int instruction, dla_error *err)
{
  const onednn_plan *p = plan;
  const dla_instruction *i = &program->instruction[instruction];
  if (onednn_has_primitive(i->op)) return onednn_execute_primitive(plan, instruction, err);
  if (i->op == DLA_OP_FOLD_BATCH_NORM) return onednn_execute_fold(plan, instruction, err);
  blocked_execute_vector(&p->backend->blocked, program, i);
  return DLA_OK;
}

/* Copies between a value and a plain array with oneDNN's reorder. */
static dla_status copy_plain(onednn_plan *p, const dla_value *value, float *plain, bool to_plain,
                             dla_error *err)
{
  dla_const_md md = p->md[value - p->program->value];
  if (value->shape.rank == 1) {
    size_t bytes = dla_value_plain_bytes(value);
    if (to_plain)
      memcpy(plain, value->data, bytes);
    else
      memcpy(value->data, plain, bytes);
    return DLA_OK;
  }
  if (p->plain[value - p->program->value]) { /* the fast way for each step's images */
    memcpy(to_plain ? plain : value->data, to_plain ? value->data : plain, value->bytes);
    return DLA_OK;
  }
  dla_md flat = dla_md_plain(md);
  dnnl_memory_t memory[2] = {0};
  dnnl_status_t status = flat ? dnnl_success : dnnl_out_of_memory;
  if (!status) status = dla_dnnl_memory(&memory[0], md, p->backend->engine, value->data);
  if (!status) status = dla_dnnl_memory(&memory[1], flat, p->backend->engine, plain);
  dnnl_primitive_t reorder = NULL;
  if (!status)
    status =
        dla_dnnl_reorder(&reorder, p->backend->engine, to_plain ? md : flat, to_plain ? flat : md);
  if (!status)
    status = dla_dnnl_execute_reorder(reorder, p->backend->stream, memory[to_plain ? 0 : 1],
                                      memory[to_plain ? 1 : 0]);
  if (reorder) dnnl_primitive_destroy(reorder);
  for (int i = 0; i < 2; i++)
    if (memory[i]) dnnl_memory_destroy(memory[i]);
  dla_md_free(flat);
  return status ? onednn_fail(err, value->name, status, "reorder") : DLA_OK;
}

static dla_status read_value(void *plan, const dla_value *value, float *plain, dla_error *err)
{
  return copy_plain(plan, value, plain, true, err);
}

static dla_status write_value(void *plan, const dla_value *value, const float *plain,
                              dla_error *err)
{
  return copy_plain(plan, value, (float *)plain, false, err); /* the source is only read */
}

static const char *implementation(void *plan, int instruction)
{
  const onednn_plan *p = plan;
  const char *name = p->kernel[instruction].implementation;
  if (name[0]) return name;
  return blocked_leaf(&p->backend->blocked, p->program, &p->program->instruction[instruction])
      ->name;
}

const dla_backend dla_backend_onednn = {
    .name = "onednn",
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
