/* One program for each mode and batch size in use, and the arena that all share. */
#include "graph/programs.h"

#include <stdlib.h>

#include "base/try.h"
#include "graph/internal.h"

static const dla_graph *graph_of(const dla_network *net, dla_mode mode)
{
  return mode == DLA_MODE_TRAINING ? net->steps : net->graph;
}

dla_compiled *dla_network_find(const dla_network *net, dla_mode mode, int64_t batch)
{
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program->mode == mode && net->compiled[i].program->batch == batch &&
        net->compiled[i].graph == graph_of(net, mode))
      return &net->compiled[i];
  return NULL;
}

static dla_status compile(dla_network *net, dla_mode mode, int64_t batch, dla_compiled *out,
                          dla_error *err)
{
  /* With several ranks a batch norm may see more than this rank's batch. The caller that shares
   * out the batch checks it. */
  dla_status status = DLA_OK;
  out->graph = graph_of(net, mode);
  if (mode == DLA_MODE_TRAINING && !net->dist) status = dla_network_check_batch(net, batch, err);
  if (!status)
    status = dla_lower(out->graph, mode, batch, mode == DLA_MODE_INFERENCE || net->recompute,
                       &out->program, err);
  if (!status && mode == DLA_MODE_TRAINING) {
    out->program->gradients_apart = net->dist != NULL;
    out->program->sync_bn = net->sync_bn ? net->dist : NULL;
    out->program->update.optimizer = net->optimizer;
    if (net->clip_grad_norm > 0) dla_clip_grad_norm(out->program, net->clip_grad_norm);
    out->program->seed = net->seed;
  }
  if (!status && net->precision == DLA_PRECISION_BF16)
    status =
        dla_keep_in_bf16(out->program, net->engine.backend->takes_bf16, net->engine.state, err);
  if (!status) status = net->engine.backend->plan(net->engine.state, out->program, &out->plan, err);
  if (!status) status = dla_plan_memory(out->program, err);
  if (!status)
    status =
        dla_store_place(&net->store, &net->engine, out->graph, out->program, net->optimizer, err);
  if (!status && out->program->gradients_apart)
    dla_exchange_plan(&net->store, out->program, &out->exchange);
  if (!status) return DLA_OK;
  if (out->plan) net->engine.backend->release(out->plan);
  dla_program_free(out->program);
  return status;
}

dla_status dla_network_compile(dla_network *net, dla_mode mode, int64_t batch, dla_error *err)
{
  if (dla_network_find(net, mode, batch)) return DLA_OK;
  dla_compiled fresh = {0};
  TRY(compile(net, mode, batch, &fresh, err));
  dla_compiled *more = realloc(net->compiled, (size_t)(net->count + 1) * sizeof *more);
  if (!more) {
    net->engine.backend->release(fresh.plan);
    dla_program_free(fresh.program);
    return dla_fail_memory(err, "the programs");
  }
  net->compiled = more;
  net->compiled[net->count++] = fresh;
  return DLA_OK;
}

dla_status dla_network_prepare(dla_network *net, dla_mode mode, int64_t batch,
                               const dla_program **program, dla_error *err)
{
  const int parts = mode == DLA_MODE_TRAINING ? dla_parts_of((size_t)batch, 1, net->accumulate) : 1;
  const int64_t least = batch / parts, most = (batch + parts - 1) / parts;
  dla_status status = dla_network_compile(net, mode, most, err);
  if (!status) status = dla_network_compile(net, mode, least, err);
  if (!status && program) *program = dla_network_find(net, mode, most)->program;
  return status;
}

dla_status dla_network_check_batch(const dla_network *net, int64_t samples, dla_error *err)
{
  return dla_graph_check_batch(net->steps, samples, err);
}

static int64_t side_of(const dla_graph *graph)
{
  return graph->tensor[graph->input].dim[1];
}

dla_status dla_network_resize_steps(dla_network *net, int64_t side, dla_error *err)
{
  if (side_of(net->graph) == side) {
    net->steps = net->graph;
    return DLA_OK;
  }
  for (int i = 0; i < net->other_size_count; i++) {
    if (side_of(net->other_sizes[i]) != side) continue;
    net->steps = net->other_sizes[i];
    return DLA_OK;
  }
  return dla_fail(err, DLA_E_INTERNAL, NULL, NULL, "the network is not made for %lld x %lld pixels",
                  (long long)side, (long long)side);
}

size_t dla_network_arena_bytes(const dla_network *net)
{
  size_t bytes = 0;
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program->arena_bytes > bytes)
      bytes = net->compiled[i].program->arena_bytes;
  return bytes;
}

/* Makes the arena large enough for every program. If it moves, all programs must be bound again. */
static dla_status grow_arena(dla_network *net, dla_error *err)
{
  size_t size = dla_network_arena_bytes(net);
  if (size <= net->arena.bytes) return DLA_OK;
  net->prepared = NULL;
  dla_memory_unmap(&net->engine, &net->arena);
  TRY(dla_memory_map(&net->engine, "the arena", size, &net->arena, err));
  for (int i = 0; i < net->count; i++)
    net->compiled[i].bound = false;
  return DLA_OK;
}

dla_status dla_network_bind(dla_network *net, dla_compiled *c, dla_error *err)
{
  dla_status status = grow_arena(net, err);
  if (status || c->bound) return status;
  dla_program *program = c->program;
  for (int i = 0; i < program->value_count; i++) {
    dla_value *value = &program->value[i];
    value->data = value->first >= 0 ? net->arena.data + value->offset : NULL;
  }
  for (int i = 0; i < program->value_count; i++)
    if (program->value[i].view_of >= 0)
      program->value[i].data = program->value[program->value[i].view_of].data;
  dla_store_bind(&net->store, program);
  status = net->engine.backend->bind(c->plan, program, err);
  c->bound = status == DLA_OK;
  return status;
}
