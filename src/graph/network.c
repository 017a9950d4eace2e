/* A network: parameters in flat arrays, programs that share them, and one arena for everything
 * else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/isa.h"
#include "base/team.h"
#include "dla/network.h"
#include "graph/exchange.h"
#include "graph/internal.h"
#include "graph/memory.h"
#include "graph/store.h"

/* A program with its backend's plan. */
typedef struct compiled {
  dla_program *program;
  void *plan;
  bool bound;            /* to the arena where it is now */
  dla_timing *timing;    /* by instruction, while profiled */
  dla_exchange exchange; /* of gradients with other ranks */
} compiled;

struct dla_network {
  dla_graph *graph;
  dla_engine engine;
  dla_tuning *tuning; /* NULL: not asked for */
  bool training, recompute, sync_bn;
  dla_dist *dist; /* NULL: this process trains alone */
  compiled *compiled;
  int count;
  dla_store store;
  dla_pages arena;
  /* The program that ran last, if what its DLA_PASS_PREPARE instructions made is still in the arena
   * and up to date. */
  const dla_program *prepared;
};

static dla_status fail_backend(const char *name, dla_error *err)
{
  char built[64] = "";
  for (int i = 0; dla_backend_at(i); i++) {
    size_t length = strlen(built);
    snprintf(built + length, sizeof built - length, "%s%s", i ? ", " : "", dla_backend_at(i)->name);
  }
  return dla_fail(err, DLA_E_UNSUPPORTED, "backend.name", "choose one of those",
                  "this build has no backend '%s', only %s", name, built);
}

static dla_status open_backend(dla_network *net, const dla_network_options *options, dla_error *err)
{
  const dla_backend *backend =
      options->backend ? dla_backend_find(options->backend) : dla_backend_at(0);
  if (!backend) return fail_backend(options->backend, err);
  if (backend->memory && net->dist)
    return dla_fail(err, DLA_E_UNSUPPORTED, "backend.name",
                    "start a single rank, or choose another backend",
                    "the %s backend does not sum gradients of several ranks", backend->name);
  if (options->tuning) {
    net->tuning = dla_tuning_create();
    if (!net->tuning) return dla_fail_memory(err, "the tuning");
    dla_status read = dla_tuning_from_text(net->tuning, options->tuning, err);
    if (read) return read;
  }
  dla_isa isa = DLA_ISA_GENERIC;
  dla_status status = dla_isa_choose(&isa, err);
  if (status) return status;
  const dla_backend_options backend_options = {
      .isa = isa,
      .team = net->engine.team,
      .convolution = options->convolution,
      .tuning = net->tuning,
      .device = options->device,
  };
  net->engine.backend = backend;
  return backend->create(&backend_options, &net->engine.state, err);
}

dla_status dla_network_create(dla_graph *graph, const dla_network_options *options,
                              dla_network **network, dla_error *err)
{
  dla_network *net = calloc(1, sizeof *net);
  if (!net) {
    dla_graph_free(graph);
    return dla_fail_memory(err, "the network");
  }
  net->graph = graph;
  net->training = options->training;
  net->recompute = options->recompute;
  net->dist = options->dist;
  net->sync_bn = options->sync_bn;
  dla_graph_optimise(graph);
  dla_status status =
      dla_team_create(options->threads > 0 ? options->threads : 1, &net->engine.team, err);
  if (!status) status = open_backend(net, options, err);
  /* One program is enough to lay the parameters out, so that they can be set and read. */
  dla_mode mode = options->training ? DLA_MODE_TRAINING : DLA_MODE_INFERENCE;
  if (!status)
    status = dla_network_prepare(net, mode, options->batch > 0 ? options->batch : 1, NULL, err);
  if (status)
    dla_network_free(net);
  else
    *network = net;
  return status;
}

void dla_network_free(dla_network *net)
{
  if (!net) return;
  for (int i = 0; i < net->count; i++) {
    net->engine.backend->release(net->compiled[i].plan);
    dla_program_free(net->compiled[i].program);
  }
  free(net->compiled);
  dla_store_free(&net->store, &net->engine);
  dla_memory_unmap(&net->engine, &net->arena);
  if (net->engine.backend) net->engine.backend->destroy(net->engine.state);
  dla_tuning_free(net->tuning);
  dla_team_destroy(net->engine.team);
  dla_graph_free(net->graph);
  free(net);
}

static compiled *find(const dla_network *net, dla_mode mode, int64_t batch)
{
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program->mode == mode && net->compiled[i].program->batch == batch)
      return &net->compiled[i];
  return NULL;
}

static dla_status compile(dla_network *net, dla_mode mode, int64_t batch, compiled *out,
                          dla_error *err)
{
  /* Of several ranks, a batch norm may see more than this one's batch: who shares it out checks. */
  dla_status status = DLA_OK;
  if (mode == DLA_MODE_TRAINING && !net->dist) status = dla_network_check_batch(net, batch, err);
  if (!status)
    status = dla_lower(net->graph, mode, batch, mode == DLA_MODE_INFERENCE || net->recompute,
                       &out->program, err);
  if (!status && mode == DLA_MODE_TRAINING) {
    out->program->gradients_apart = net->dist != NULL;
    out->program->sync_bn = net->sync_bn ? net->dist : NULL;
  }
  if (!status) status = net->engine.backend->plan(net->engine.state, out->program, &out->plan, err);
  if (!status) status = dla_plan_memory(out->program, err);
  if (!status)
    status =
        dla_store_place(&net->store, &net->engine, net->graph, out->program, net->training, err);
  if (!status && out->program->gradients_apart)
    dla_exchange_plan(&net->store, out->program, &out->exchange);
  if (!status) return DLA_OK;
  if (out->plan) net->engine.backend->release(out->plan);
  dla_program_free(out->program);
  return status;
}

dla_status dla_network_prepare(dla_network *net, dla_mode mode, int64_t batch,
                               const dla_program **program, dla_error *err)
{
  compiled *known = find(net, mode, batch);
  if (!known) {
    compiled fresh = {0};
    dla_status status = compile(net, mode, batch, &fresh, err);
    if (status) return status;
    compiled *more = realloc(net->compiled, (size_t)(net->count + 1) * sizeof *more);
    if (!more) {
      net->engine.backend->release(fresh.plan);
      dla_program_free(fresh.program);
      return dla_fail_memory(err, "the programs");
    }
    net->compiled = more;
    known = &net->compiled[net->count++];
    *known = fresh;
  }
  if (program) *program = known->program;
  return DLA_OK;
}

dla_status dla_network_check_batch(const dla_network *net, int64_t samples, dla_error *err)
{
  return dla_graph_check_batch(net->graph, samples, err);
}

/* Makes the arena large enough for every program so far; all must be bound again when it moved. */
static dla_status grow_arena(dla_network *net, dla_error *err)
{
  size_t size = dla_network_arena_bytes(net);
  if (size <= net->arena.bytes) return DLA_OK;
  net->prepared = NULL;
  dla_memory_unmap(&net->engine, &net->arena);
  dla_status status = dla_memory_map(&net->engine, "the arena", size, &net->arena, err);
  if (status) return status;
  for (int i = 0; i < net->count; i++)
    net->compiled[i].bound = false;
  return DLA_OK;
}

static dla_status bind_program(dla_network *net, compiled *c, dla_error *err)
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

static dla_status interpret(dla_network *net, compiled *c, dla_error *err)
{
  dla_status status = DLA_OK;
  bool prepared = net->prepared == c->program;
  dla_exchange *exchange = c->program->gradients_apart ? &c->exchange : NULL;
  net->prepared = c->program->mode == DLA_MODE_INFERENCE ? c->program : NULL;
  for (int i = 0; i < c->program->instruction_count && !status; i++) {
    if (prepared && c->program->instruction[i].pass == DLA_PASS_PREPARE) continue;
    double start = c->timing ? dla_clock() : 0;
    if (exchange) dla_exchange_before(exchange, net->dist, &c->program->instruction[i]);
    status = net->engine.backend->execute(c->plan, c->program, i, err);
    if (exchange) dla_exchange_after(exchange, net->dist, &net->store, i);
    if (!c->timing) continue;
    if (!status) status = dla_memory_wait(&net->engine, err);
    double seconds = dla_clock() - start;
    c->timing[i] = (dla_timing){c->timing[i].total + seconds, start, seconds};
  }
  return status;
}

static dla_status check_labels(const dla_network *net, const int32_t *labels, int64_t count,
                               dla_error *err)
{
  int64_t classes = dla_network_classes(net);
  for (int64_t n = 0; n < count; n++)
    if (labels[n] < 0 || labels[n] >= classes)
      return dla_fail(err, DLA_E_INPUT, NULL,
                      "set model.classes to the dataset's number of classes",
                      "sample %lld has label %d, but the network has classes 0 to %lld",
                      (long long)n, labels[n], (long long)classes - 1);
  return DLA_OK;
}

static dla_status run(dla_network *net, dla_mode mode, const float *images, const int32_t *labels,
                      int64_t count, const dla_batch_share *share, const dla_sgd *sgd,
                      float *logits, dla_result *result, dla_error *err)
{
  dla_status status = check_labels(net, labels, count, err);
  if (!status) status = dla_network_prepare(net, mode, count, NULL, err);
  compiled *c = status ? NULL : find(net, mode, count);
  if (!status) status = bind_program(net, c, err);
  if (status) return status;
  dla_program *program = c->program;
  status = net->engine.backend->write(c->plan, &program->value[program->input], images, err);
  if (!status)
    status = dla_memory_write(&net->engine, program->value[program->labels].data, labels,
                              (size_t)count * sizeof *labels, err);
  if (status) return status;
  if (sgd) program->update.sgd = *sgd;
  program->share = *share;
  dla_team_enter(net->engine.team);
  status = interpret(net, c, err);
  dla_team_leave(net->engine.team);
  float loss[2] = {0};
  if (!status)
    status =
        dla_memory_read(&net->engine, program->value[program->loss].data, loss, sizeof loss, err);
  *result = (dla_result){loss[0], (int64_t)loss[1]};
  const dla_value *out = &program->value[program->logits];
  if (!status && logits)
    status = dla_memory_read(&net->engine, out->data, logits,
                             (size_t)dla_shape_count(&out->shape) * sizeof *logits, err);
  return status;
}

dla_status dla_network_train(dla_network *net, const float *images, const int32_t *labels,
                             int64_t count, const dla_sgd *sgd, dla_result *result, dla_error *err)
{
  const dla_batch_share whole = {true, count};
  return dla_network_train_share(net, images, labels, count, &whole, sgd, result, err);
}

dla_status dla_network_train_share(dla_network *net, const float *images, const int32_t *labels,
                                   int64_t count, const dla_batch_share *share, const dla_sgd *sgd,
                                   dla_result *result, dla_error *err)
{
  return run(net, DLA_MODE_TRAINING, images, labels, count, share, sgd, NULL, result, err);
}

dla_status dla_network_evaluate(dla_network *net, const float *images, const int32_t *labels,
                                int64_t count, float *logits, dla_result *result, dla_error *err)
{
  const dla_batch_share whole = {true, count};
  return run(net, DLA_MODE_INFERENCE, images, labels, count, &whole, NULL, logits, result, err);
}

void dla_network_profile(dla_network *net, const dla_program *program, dla_timing *timing)
{
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program == program) net->compiled[i].timing = timing;
}

const char *dla_network_implementation(const dla_network *net, const dla_program *program,
                                       int instruction)
{
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program == program)
      return net->engine.backend->implementation(net->compiled[i].plan, instruction);
  return "";
}

const dla_tuning *dla_network_tuning(const dla_network *net)
{
  return net->tuning;
}

dla_team *dla_network_team(dla_network *net)
{
  return net->engine.team;
}

int dla_network_parameter_count(const dla_network *net)
{
  return net->graph->parameter_count;
}

bool dla_network_is_training(const dla_network *net)
{
  return net->training;
}

dla_status dla_network_clear_momentum(dla_network *net, dla_error *err)
{
  const dla_pages *momentum = &net->store.momentum;
  dla_store_clear_apart(&net->store, net->graph);
  return momentum->data ? dla_memory_clear(&net->engine, momentum, err) : DLA_OK;
}

const dla_parameter *dla_network_parameter_rule(const dla_network *net, int index)
{
  return &net->graph->parameter[index];
}

dla_parameter_info dla_network_parameter(const dla_network *net, int index)
{
  const dla_parameter *p = &net->graph->parameter[index];
  return (dla_parameter_info){p->name, p->shape, p->trainable};
}

/* Copies the columns [column, column + columns) of the rows of a matrix to or from a dense one: the
 * part of a convolution's weights that meets one of several sources. */
static void copy_part(const dla_shape *whole, const dla_shape *part, int64_t first_channel,
                      float *whole_write, const float *whole_read, float *part_write,
                      const float *part_read)
{
  int64_t inner = whole->rank == 4 ? whole->dim[2] * whole->dim[3] : 1;
  int64_t row = whole->rank > 1 ? whole->dim[1] * inner : 1, rows = whole->dim[0];
  int64_t columns = part->rank > 1 ? part->dim[1] * inner : 1, column = first_channel * inner;
  for (int64_t r = 0; r < rows; r++) {
    size_t bytes = (size_t)columns * sizeof(float);
    if (whole_write)
      memcpy(whole_write + r * row + column, part_read + r * columns, bytes);
    else
      memcpy(part_write + r * columns, whole_read + r * row + column, bytes);
  }
}

static dla_status copy_parameter(dla_network *net, int index, dla_parameter_array array,
                                 float *read_into, const float *write_from, dla_error *err)
{
  compiled *c =
      &net->compiled[0]; /* every program has all parameters, and the first is the oldest */
  const dla_parameter *parameter = &net->graph->parameter[index];
  float *apart = dla_store_apart(&net->store, net->graph, index, array);
  if (apart) {
    copy_part(&parameter->shape, &parameter->shape, 0, read_into, write_from, apart, apart);
    return DLA_OK;
  }
  float *dense = malloc((size_t)dla_shape_count(&parameter->shape) * sizeof *dense);
  if (!dense) return dla_fail_memory(err, "a parameter");
  dla_status status = DLA_OK;
  int64_t channel = 0;
  for (int part = 0; !status; part++) {
    dla_value value;
    int at = dla_store_find(&net->store, c->program, index, part, array, &value);
    if (at < 0) break;
    /* The copy stands in the program's own array, where the backend knows its layout. */
    dla_value *home = &c->program->value[at];
    void *data = home->data;
    home->data = value.data;
    if (read_into) {
      status = net->engine.backend->read(c->plan, home, dense, err);
      copy_part(&parameter->shape, &value.shape, channel, read_into, NULL, NULL, dense);
    } else {
      copy_part(&parameter->shape, &value.shape, channel, NULL, write_from, dense, NULL);
      status = net->engine.backend->write(c->plan, home, dense, err);
    }
    home->data = data;
    channel += value.shape.rank > 1 ? value.shape.dim[1] : 0;
  }
  free(dense);
  return status;
}

dla_status dla_network_read(dla_network *net, int index, dla_parameter_array array, float *plain,
                            dla_error *err)
{
  return copy_parameter(net, index, array, plain, NULL, err);
}

dla_status dla_network_write(dla_network *net, int index, dla_parameter_array array,
                             const float *plain, dla_error *err)
{
  net->prepared = NULL;
  return copy_parameter(net, index, array, NULL, plain, err);
}

dla_status dla_network_share_parameters(dla_network *net, dla_error *err)
{
  uint64_t layout = dla_store_layout(&net->store, net->compiled[0].program), first = layout;
  dla_dist_broadcast(net->dist, &first, sizeof first);
  if (dla_dist_any(net->dist, layout != first))
    return dla_fail(err, DLA_E_UNSUPPORTED, NULL,
                    "use hosts of one kind, or backend.name=reference",
                    "the ranks' processors lay the parameters out in different ways");
  dla_dist_broadcast(net->dist, net->store.parameters.data, net->store.trainable_bytes);
  if (net->training)
    dla_dist_broadcast(net->dist, net->store.momentum.data, net->store.trainable_bytes);
  dla_network_share_statistics(net);
  return DLA_OK;
}

void dla_network_share_statistics(dla_network *net)
{
  net->prepared = NULL;
  dla_dist_broadcast(net->dist, net->store.state.data, net->store.state_bytes);
}

dla_shape dla_network_input_shape(const dla_network *net)
{
  return net->graph->tensor[net->graph->input];
}

int64_t dla_network_classes(const dla_network *net)
{
  return net->graph->tensor[net->graph->logits].dim[0];
}

size_t dla_network_parameter_bytes(const dla_network *net)
{
  return dla_store_bytes(&net->store);
}

size_t dla_network_arena_bytes(const dla_network *net)
{
  size_t bytes = 0;
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program->arena_bytes > bytes)
      bytes = net->compiled[i].program->arena_bytes;
  return bytes;
}
