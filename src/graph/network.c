/* A network: parameters in flat arrays, the programs that share them, and one arena for the
 * rest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/isa.h"
#include "base/team.h"
#include "graph/internal.h"
#include "graph/programs.h"

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
  if (backend->memory && net->store.averaged)
    return dla_fail(err, DLA_E_UNSUPPORTED, "train.ema", "leave it out, or choose another backend",
                    "the %s backend keeps no average of the weights", backend->name);
  if (backend->memory && net->store.accumulates)
    return dla_fail(err, DLA_E_UNSUPPORTED, "train.accumulate",
                    "leave it out, or choose another backend",
                    "the %s backend does not sum gradients of several parts", backend->name);
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

/* Applies parameter groups, frozen layers and the loss. */
static dla_status prepare_graph(const dla_network *net, dla_graph *graph,
                                const dla_network_options *options, dla_error *err)
{
  dla_status status = DLA_OK;
  dla_graph_smooth_labels(graph, options->label_smoothing);
  if (options->mixed_labels) dla_graph_mix_labels(graph);
  if (options->training) {
    status = dla_graph_freeze(graph, options->freeze, err);
    if (!status) status = dla_graph_group_parameters(graph, net->groups, err);
  } else {
    dla_graph_drop_nothing(graph);
  }
  dla_graph_optimise(graph);
  return status;
}

static dla_status check_same(const dla_graph *graph, const dla_graph *other, dla_error *err)
{
  const int64_t side = other->tensor[other->input].dim[1];
  for (int i = 0; i < graph->parameter_count; i++) {
    const dla_parameter *p = &graph->parameter[i];
    if (i < other->parameter_count && !strcmp(p->name, other->parameter[i].name) &&
        dla_shape_equal(&p->shape, &other->parameter[i].shape))
      continue;
    return dla_fail(err, DLA_E_INPUT, "augment.initial_scale",
                    "choose a network that ends in a pool over all of its plane, or leave it out",
                    "with images of %lld x %lld, %s would have another shape", (long long)side,
                    (long long)side, p->name);
  }
  return DLA_OK;
}

static void free_other_sizes(const dla_network_options *options)
{
  for (int i = 0; i < options->other_size_count; i++)
    dla_graph_free(options->other_sizes[i]);
}

/* Takes ownership of all graphs, also on failure. */
static dla_status take_graphs(dla_network *net, dla_graph *graph,
                              const dla_network_options *options, dla_error *err)
{
  const int others = options->other_size_count;
  net->graph = graph;
  net->steps = graph;
  net->other_sizes = calloc((size_t)others + 1, sizeof(dla_graph *));
  if (!net->other_sizes) {
    free_other_sizes(options);
    return dla_fail_memory(err, "the network");
  }
  net->other_size_count = others;
  for (int i = 0; i < others; i++)
    net->other_sizes[i] = options->other_sizes[i];
  dla_status status = DLA_OK;
  for (int i = 0; i < others && !status; i++)
    status = check_same(graph, net->other_sizes[i], err);
  if (!status && options->training)
    status = dla_parameter_groups_create(options->groups, options->no_decay, &net->groups, err);
  if (!status) status = prepare_graph(net, graph, options, err);
  for (int i = 0; i < others && !status; i++)
    status = prepare_graph(net, net->other_sizes[i], options, err);
  return status;
}

dla_status dla_network_create(dla_graph *graph, const dla_network_options *options,
                              dla_network **network, dla_error *err)
{
  dla_network *net = calloc(1, sizeof *net);
  if (!net) {
    dla_graph_free(graph);
    free_other_sizes(options);
    return dla_fail_memory(err, "the network");
  }
  dla_status status = take_graphs(net, graph, options, err);
  if (options->training)
    net->optimizer = options->optimizer ? options->optimizer : dla_optimizer_at(0);
  net->clip_grad_norm = options->clip_grad_norm;
  net->seed = options->seed;
  net->accumulate = options->accumulate > 1 ? options->accumulate : 1;
  net->recompute = options->recompute;
  net->precision = options->precision;
  net->dist = options->dist;
  net->sync_bn = options->sync_bn;
  net->store.averaged = options->training && options->average;
  net->store.accumulates = options->training && net->accumulate > 1;
  if (!status)
    status = dla_team_create(options->threads > 0 ? options->threads : 1, &net->engine.team, err);
  if (!status) status = open_backend(net, options, err);
  /* One program is enough to lay out the parameters. Then they can be set and read. */
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
  dla_parameter_groups_free(net->groups);
  dla_graph_free(net->graph);
  for (int i = 0; i < net->other_size_count; i++)
    dla_graph_free(net->other_sizes[i]);
  free(net->other_sizes);
  free(net);
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

bool dla_network_is_training(const dla_network *net)
{
  return net->optimizer != NULL;
}

const dla_optimizer *dla_network_optimizer(const dla_network *net)
{
  return net->optimizer;
}

const dla_parameter_groups *dla_network_groups(const dla_network *net)
{
  return net->groups;
}

dla_shape dla_network_input_shape(const dla_network *net)
{
  return net->graph->tensor[net->graph->input];
}

int64_t dla_network_classes(const dla_network *net)
{
  return net->graph->tensor[net->graph->logits].dim[0];
}
