#include "graph/store.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#include "base/try.h"

static const dla_slot *find_slot(const dla_store *store, int parameter, int part)
{
  for (int i = 0; i < store->count; i++)
    if (store->slot[i].parameter == parameter && store->slot[i].part == part)
      return &store->slot[i];
  return NULL;
}

static bool is_stored(const dla_value *value)
{
  return value->kind == DLA_VALUE_PARAMETER || value->kind == DLA_VALUE_STATE;
}

static dla_status allocate(dla_store *store, const dla_engine *engine, bool gradients,
                           dla_error *err)
{
  size_t bytes = store->trainable_bytes;
  TRY(dla_memory_map(engine, "the parameters", bytes, &store->parameters, err));
  TRY(dla_memory_map(engine, "the statistics", store->state_bytes, &store->state, err));
  for (int k = 0; k < store->states; k++)
    TRY(dla_memory_map(engine, "the optimizer's state", bytes, &store->optimizer[k], err));
  if (store->averaged) {
    TRY(dla_memory_map(engine, "the average of the weights", bytes, &store->average, err));
    TRY(dla_memory_map(engine, "the average of the weights", store->state_bytes,
                       &store->average_state, err));
  }
  if (store->accumulates)
    TRY(dla_memory_map(engine, "the sums of the gradients", bytes, &store->sums, err));
  if (gradients) TRY(dla_memory_map(engine, "the gradients", bytes, &store->gradients, err));
  return DLA_OK;
}

static dla_status allocate_apart(dla_store *store, const dla_graph *graph, dla_error *err)
{
  store->apart = calloc((size_t)graph->parameter_count + 1, sizeof *store->apart);
  if (!store->apart) return dla_fail_memory(err, "the parameters");
  store->apart_count = graph->parameter_count;
  for (int p = 0; p < graph->parameter_count; p++) {
    if (find_slot(store, p, 0)) continue;
    size_t count = (size_t)dla_shape_count(&graph->parameter[p].shape);
    store->apart[p] = calloc((size_t)(1 + store->states) * count + 1, sizeof *store->apart[p]);
    if (!store->apart[p]) return dla_fail_memory(err, "the parameters");
  }
  return DLA_OK;
}

dla_status dla_store_place(dla_store *store, const dla_engine *engine, const dla_graph *graph,
                           const dla_program *program, const dla_optimizer *optimizer,
                           dla_error *err)
{
  bool first = store->slot == NULL;
  if (first) store->slot = calloc((size_t)program->value_count, sizeof *store->slot);
  if (!store->slot) return dla_fail_memory(err, "the parameters");
  for (int i = 0; i < program->value_count; i++) {
    const dla_value *value = &program->value[i];
    if (!is_stored(value)) continue;
    const dla_slot *known = find_slot(store, value->parameter, value->part);
    if (known && known->bytes == value->bytes) continue;
    if (!first)
      return dla_fail(err, DLA_E_INTERNAL, value->name, NULL,
                      "two programs disagree about its layout");
    bool trainable = graph->parameter[value->parameter].trainable;
    size_t *end = trainable ? &store->trainable_bytes : &store->state_bytes;
    store->slot[store->count++] =
        (dla_slot){value->parameter, value->part, *end, value->bytes, trainable};
    *end += dla_align(value->bytes);
  }
  if (!first) return DLA_OK;
  store->states = optimizer ? dla_optimizer_state_count(optimizer) : 0;
  TRY(allocate_apart(store, graph, err));
  return allocate(store, engine, program->gradients_apart, err);
}

float *dla_store_apart(const dla_store *store, const dla_graph *graph, int parameter,
                       dla_parameter_array array)
{
  float *values = store->apart[parameter];
  if (array == DLA_PARAMETER_AVERAGE) array = DLA_PARAMETER_VALUE; /* they are never trained */
  return values ? values + array * dla_shape_count(&graph->parameter[parameter].shape) : NULL;
}

dla_status dla_store_clear_states(dla_store *store, const dla_engine *engine,
                                  const dla_graph *graph, dla_error *err)
{
  for (int p = 0; p < store->apart_count; p++) {
    float *states = dla_store_apart(store, graph, p, DLA_PARAMETER_STATE);
    size_t count = (size_t)dla_shape_count(&graph->parameter[p].shape) * (size_t)store->states;
    if (states) memset(states, 0, count * sizeof *states);
  }
  for (int k = 0; k < store->states; k++)
    TRY(dla_memory_clear(engine, &store->optimizer[k], err));
  return DLA_OK;
}

/* The array that holds a program's value; NULL: the arena. */
static const dla_pages *home_of(const dla_store *store, const dla_program *program,
                                const dla_value *value)
{
  switch (value->kind) {
  case DLA_VALUE_PARAMETER:
    return &store->parameters;
  case DLA_VALUE_STATE:
    return &store->state;
  case DLA_VALUE_PARAMETER_GRADIENT:
    return program->gradients_apart ? &store->gradients : NULL;
  default:
    return NULL;
  }
}

void dla_store_bind(const dla_store *store, dla_program *program)
{
  for (int i = 0; i < program->value_count; i++) {
    dla_value *value = &program->value[i];
    const dla_pages *home = home_of(store, program, value);
    if (!home) continue;
    value->offset = find_slot(store, value->parameter, value->part)->offset;
    value->data = home->data + value->offset;
  }
  program->update.parameters = (float *)store->parameters.data;
  for (int k = 0; k < store->states; k++)
    program->update.state[k] = (float *)store->optimizer[k].data;
}

/* The store's array of a parameter. */
static const dla_pages *array_of(const dla_store *store, bool state, dla_parameter_array array)
{
  const bool average = array == DLA_PARAMETER_AVERAGE;
  if (state) return average ? &store->average_state : &store->state;
  if (average) return &store->average;
  return array == DLA_PARAMETER_VALUE ? &store->parameters
                                      : &store->optimizer[array - DLA_PARAMETER_STATE];
}

int dla_store_find(const dla_store *store, const dla_program *program, int parameter, int part,
                   dla_parameter_array array, dla_value *value)
{
  for (int i = 0; i < program->value_count; i++) {
    const dla_value *v = &program->value[i];
    if (!is_stored(v) || v->parameter != parameter || v->part != part) continue;
    const dla_slot *slot = find_slot(store, parameter, part);
    *value = *v;
    value->data = array_of(store, v->kind == DLA_VALUE_STATE, array)->data + slot->offset;
    return i;
  }
  return -1;
}

uint64_t dla_store_layout(const dla_store *store, const dla_program *program)
{
  uint64_t hash = DLA_HASH_EMPTY;
  for (int i = 0; i < program->value_count; i++) {
    const dla_value *value = &program->value[i];
    if (!is_stored(value)) continue;
    const dla_slot *slot = find_slot(store, value->parameter, value->part);
    hash = dla_hash(hash, &slot->offset, sizeof slot->offset);
    hash = dla_hash(hash, &slot->bytes, sizeof slot->bytes);
    hash = dla_hash(hash, &value->dtype, sizeof value->dtype);
    hash = dla_hash(hash, value->layout, strlen(value->layout));
  }
  return hash;
}

size_t dla_store_bytes(const dla_store *store)
{
  int arrays =
      1 + store->states + store->averaged + store->accumulates + (store->gradients.data != NULL);
  return store->trainable_bytes * (size_t)arrays +
         store->state_bytes * (1 + (size_t)store->averaged);
}

void dla_store_free(dla_store *store, const dla_engine *engine)
{
  free(store->slot);
  for (int p = 0; p < store->apart_count; p++)
    free(store->apart[p]);
  free(store->apart);
  dla_memory_unmap(engine, &store->parameters);
  for (int k = 0; k < store->states; k++)
    dla_memory_unmap(engine, &store->optimizer[k]);
  dla_memory_unmap(engine, &store->sums);
  dla_memory_unmap(engine, &store->gradients);
  dla_memory_unmap(engine, &store->average);
  dla_memory_unmap(engine, &store->average_state);
  dla_memory_unmap(engine, &store->state);
}
