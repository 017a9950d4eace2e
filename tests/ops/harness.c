#include "harness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/team.h"
#include "base/try.h"
#include "sgd.h"

void *harness_memory(size_t bytes, int fill)
{
  size_t rounded = dla_align(bytes + 1);
  void *memory = aligned_alloc(DLA_ALIGNMENT, rounded);
  if (!memory) abort();
  return memset(memory, fill, rounded);
}

float harness_pattern(const char *name, size_t index)
{
  uint64_t x = 1469598103934665603u; /* FNV-1a of the name, then splitmix64 */
  for (; *name; name++)
    x = (x ^ (unsigned char)*name) * 1099511628211u;
  x += (index + 1) * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  x ^= x >> 31;
  return (float)((double)(x >> 40) / (double)(1 << 23) - 1);
}

static bool is_stored(dla_value_kind kind)
{
  return kind == DLA_VALUE_PARAMETER || kind == DLA_VALUE_STATE;
}

/* Where each (part of a) parameter starts in its array. */
static size_t place_stored(dla_program *program, dla_value_kind kind)
{
  size_t end = 0;
  for (int i = 0; i < program->value_count; i++) {
    dla_value *value = &program->value[i];
    if (value->kind != kind) continue;
    value->offset = end;
    end += dla_align(value->bytes);
  }
  return end;
}

/* Where memory is the process's, a sanitizer watches its ends. */
static dla_status allocate(harness *h, size_t bytes, int fill, dla_pages *memory, dla_error *err)
{
  char *content = harness_memory(bytes, fill);
  *memory = (dla_pages){content, bytes};
  if (!h->engine.backend->memory) return DLA_OK;
  dla_status status = dla_memory_map(&h->engine, "a test's memory", bytes, memory, err);
  if (!status) status = dla_memory_write(&h->engine, memory->data, content, memory->bytes, err);
  free(content);
  return status;
}

static void deallocate(harness *h, dla_pages *memory)
{
  if (memory->data && h->engine.backend->memory)
    dla_memory_unmap(&h->engine, memory);
  else
    free(memory->data);
}

static dla_status allocate_parameters(harness *h, dla_error *err)
{
  dla_program *program = h->program;
  size_t bytes = place_stored(program, DLA_VALUE_PARAMETER);
  size_t running = place_stored(program, DLA_VALUE_STATE);
  TRY(allocate(h, bytes, 0, &h->parameters, err));
  for (int k = 0; k < dla_optimizer_state_count(program->update.optimizer); k++) {
    TRY(allocate(h, bytes, 0, &h->optimizer[k], err));
    program->update.state[k] = (float *)(void *)h->optimizer[k].data;
  }
  TRY(allocate(h, running, 0, &h->running, err));
  program->update.parameters = (float *)(void *)h->parameters.data;
  program->update.numbers = sgd_update((sgd_numbers){0.1f, 0.9f, 1e-3f, true});
  return DLA_OK;
}

/* 0xff bytes are NaNs (and -1): nothing may be read before it is written. */
static dla_status allocate_arena(harness *h, bool share, dla_error *err)
{
  dla_program *program = h->program;
  size_t bytes = share ? program->arena_bytes : 0;
  for (int i = 0; !share && i < program->value_count; i++) {
    dla_value *value = &program->value[i];
    if (is_stored(value->kind) || value->view_of >= 0) continue;
    value->offset = bytes;
    bytes += dla_align(value->bytes);
  }
  return allocate(h, bytes, 0xff, &h->arena, err);
}

static char *home(const harness *h, dla_value_kind kind)
{
  switch (kind) {
  case DLA_VALUE_PARAMETER:
    return h->parameters.data;
  case DLA_VALUE_STATE:
    return h->running.data;
  default:
    return h->arena.data;
  }
}

static void point(harness *h)
{
  dla_program *program = h->program;
  for (int i = 0; i < program->value_count; i++) {
    dla_value *value = &program->value[i];
    value->data = home(h, value->kind) + value->offset;
  }
  for (int i = 0; i < program->value_count; i++) {
    dla_value *value = &program->value[i];
    if (value->view_of >= 0) value->data = program->value[value->view_of].data;
  }
}

/* Of every other sample the same for every step. */
static dla_status write_labels(harness *h, int value, int step, dla_error *err)
{
  const dla_program *program = h->program;
  const int64_t classes = program->value[program->logits].shape.dim[1];
  const size_t bytes = (size_t)program->batch * sizeof(int32_t);
  int32_t *labels = harness_memory(bytes, 0);
  for (int64_t i = 0; i < program->batch; i++)
    labels[i] = (int32_t)((i * (i % 2 ? step : 5) + 3) % classes);
  dla_status status = dla_memory_write(&h->engine, program->value[value].data, labels, bytes, err);
  free(labels);
  return status;
}

static dla_status fill_ends(harness *h, dla_error *err)
{
  dla_program *program = h->program;
  const dla_value *input = &program->value[program->input];
  size_t count = (size_t)dla_shape_count(&input->shape);
  float *image = harness_memory(count * sizeof *image, 0);
  for (size_t i = 0; i < count; i++)
    image[i] = harness_pattern("input", i);
  dla_status status = h->engine.backend->write(h->plan, input, image, err);
  free(image);
  if (!status) status = write_labels(h, program->labels, 5, err);
  if (status || program->partners < 0) return status;
  program->lambda = 0.7;
  return write_labels(h, program->partners, 4, err);
}

/* Weights of the size that PyTorch starts with; scales and variances around 1; the rest around 0.
 */
static float initial(const dla_parameter *p, size_t i)
{
  float random = harness_pattern(p->name, i);
  return p->fan_in ? random * 1.7f / sqrtf((float)p->fan_in) : p->initial + random / 2;
}

static dla_status fill_parameters(harness *h, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int p = 0; !status && p < h->graph->parameter_count; p++) {
    const dla_parameter *parameter = &h->graph->parameter[p];
    size_t count = (size_t)dla_shape_count(&parameter->shape);
    float *plain = harness_memory(count * sizeof *plain, 0);
    for (size_t i = 0; i < count; i++)
      plain[i] = initial(parameter, i);
    status = harness_write(h, parameter->trainable ? DLA_VALUE_PARAMETER : DLA_VALUE_STATE, p,
                           plain, err);
    free(plain);
  }
  return status;
}

/* A device's engine, which later calls use again: OpenCL takes a tenth of a second to load its
 * kernels. Other backends keep the layouts of one network's weights, so each call has its own. */
static dla_engine on_device;

static dla_status create_engine(const dla_backend *backend, dla_convolution convolution,
                                dla_engine *engine, dla_error *err)
{
  dla_isa isa = DLA_ISA_GENERIC;
  TRY(dla_isa_choose(&isa, err));
  TRY(dla_team_create(3, &engine->team, err));
  const dla_backend_options options = {
      .isa = isa, .team = engine->team, .convolution = convolution, .device = TEST_DEVICE};
  const dla_status status = backend->create(&options, &engine->state, err);
  if (status)
    dla_team_destroy(engine->team);
  else
    engine->backend = backend;
  return status;
}

static void destroy_engine(dla_engine *engine)
{
  if (engine->backend) engine->backend->destroy(engine->state);
  dla_team_destroy(engine->team);
  *engine = (dla_engine){0};
}

static dla_status take_engine(const dla_backend *backend, dla_convolution convolution,
                              dla_engine *engine, dla_error *err)
{
  if (!backend->memory) return create_engine(backend, convolution, engine, err);
  if (!on_device.backend) TRY(create_engine(backend, convolution, &on_device, err));
  *engine = on_device;
  return DLA_OK;
}

static void give_engine_back(dla_engine *engine)
{
  if (engine->backend && !engine->backend->memory) destroy_engine(engine);
}

int harness_end(void **state)
{
  (void)state;
  destroy_engine(&on_device);
  return 0;
}

dla_status harness_open(harness *h, const dla_graph *graph, const dla_backend *backend,
                        harness_options options, dla_error *err)
{
  *h = (harness){.graph = graph};
  TRY(take_engine(backend, options.convolution, &h->engine, err));
  dla_status status =
      dla_lower(graph, options.mode, options.batch, options.rewrite, &h->program, err);
  if (!status && options.bf16)
    status = dla_keep_in_bf16(h->program, options.convert ? NULL : backend->takes_bf16,
                              h->engine.state, err);
  if (!status) status = backend->plan(h->engine.state, h->program, &h->plan, err);
  if (!status) status = dla_plan_memory(h->program, err);
  if (!status) status = allocate_parameters(h, err);
  if (!status) status = allocate_arena(h, options.share, err);
  if (status) return status;
  point(h);
  status = backend->bind(h->plan, h->program, err);
  if (!status) status = fill_parameters(h, err);
  if (!status) status = fill_ends(h, err);
  return status;
}

void harness_close(harness *h)
{
  const dla_backend *backend = h->engine.backend;
  if (backend && h->plan) backend->release(h->plan);
  dla_program_free(h->program);
  deallocate(h, &h->arena);
  deallocate(h, &h->parameters);
  for (int k = 0; k < DLA_OPTIMIZER_STATES; k++)
    deallocate(h, &h->optimizer[k]);
  deallocate(h, &h->running);
  give_engine_back(&h->engine);
  *h = (harness){0};
}

dla_status harness_run(harness *h, unsigned passes, dla_error *err)
{
  /* In a shared arena they were overwritten by the run before. */
  dla_status status = fill_ends(h, err);
  for (int i = 0; i < h->program->instruction_count && !status; i++)
    if (passes >> h->program->instruction[i].pass & 1)
      status = h->engine.backend->execute(h->plan, h->program, i, err);
  return status;
}

/* Between a whole array {out, in, ...} and a part of its second dimension. */
static void copy_part(float *whole, const dla_shape *shape, float *part,
                      const dla_shape *part_shape, int64_t first, bool to_part)
{
  int64_t rest = 1, out = shape->dim[0], in = shape->rank > 1 ? shape->dim[1] : 1;
  for (int i = 2; i < shape->rank; i++)
    rest *= shape->dim[i];
  int64_t part_in = shape->rank > 1 ? part_shape->dim[1] : 1;
  for (int64_t o = 0; o < out; o++) {
    float *a = whole + (o * in + first) * rest, *b = part + o * part_in * rest;
    memcpy(to_part ? b : a, to_part ? a : b, (size_t)(part_in * rest) * sizeof *a);
  }
}

static dla_status transfer(harness *h, dla_value_kind kind, int parameter, float *plain, bool write,
                           dla_error *err)
{
  const dla_shape *shape = &h->graph->parameter[parameter].shape;
  int64_t first = 0;
  for (int part = 0; part < DLA_MAX_INPUTS; part++)
    for (int i = 0; i < h->program->value_count; i++) {
      const dla_value *value = &h->program->value[i];
      if (value->kind != kind || value->parameter != parameter || value->part != part) continue;
      float *array = harness_memory((size_t)dla_shape_count(&value->shape) * sizeof *array, 0);
      if (write) copy_part(plain, shape, array, &value->shape, first, true);
      dla_status status = write ? h->engine.backend->write(h->plan, value, array, err)
                                : h->engine.backend->read(h->plan, value, array, err);
      if (!write) copy_part(plain, shape, array, &value->shape, first, false);
      free(array);
      if (status) return status;
      first += shape->rank > 1 ? value->shape.dim[1] : 1;
    }
  return DLA_OK;
}

dla_status harness_read(harness *h, dla_value_kind kind, int parameter, float *plain,
                        dla_error *err)
{
  return transfer(h, kind, parameter, plain, false, err);
}

dla_status harness_write(harness *h, dla_value_kind kind, int parameter, const float *plain,
                         dla_error *err)
{
  return transfer(h, kind, parameter, (float *)plain, true, err);
}

void *harness_elements(const harness *h, const dla_value *value)
{
  dla_error err = {0};
  size_t bytes = (size_t)dla_shape_count(&value->shape) * sizeof(float);
  void *elements = harness_memory(bytes, 0);
  if (dla_memory_read(&h->engine, value->data, elements, bytes, &err)) abort();
  return elements;
}

static double smoothing_of(const dla_program *program)
{
  for (int i = 0; i < program->instruction_count; i++)
    if (program->instruction[i].op == DLA_OP_SOFTMAX_CROSS_ENTROPY)
      return program->instruction[i].attr[DLA_ATTR_LABEL_SMOOTHING];
  return 0;
}

double harness_loss(const harness *h)
{
  const dla_value *value = &h->program->value[h->program->logits];
  int32_t *labels = harness_elements(h, &h->program->value[h->program->labels]);
  float *elements = harness_elements(h, value);
  int64_t batch = value->shape.dim[0], classes = value->shape.dim[1];
  const float *logits = elements;
  const int mixed = h->program->partners;
  int32_t *partners = mixed < 0 ? NULL : harness_elements(h, &h->program->value[mixed]);
  double loss = 0, smoothing = smoothing_of(h->program), lambda = h->program->lambda;
  for (int64_t n = 0; n < batch; n++, logits += classes) {
    double sum = 0, others = 0; /* all as seen from the label's */
    for (int64_t k = 0; k < classes; k++) {
      sum += exp((double)logits[k] - logits[labels[n]]);
      others += (double)logits[k] - logits[labels[n]];
    }
    loss += log(sum) - smoothing * others / (double)classes;
    if (partners)
      loss -= (1 - smoothing) * (1 - lambda) * ((double)logits[partners[n]] - logits[labels[n]]);
  }
  free(labels);
  free(partners);
  free(elements);
  return loss / (double)batch;
}
