#include "train/progressive.h"

#include <stdlib.h>

#include "train/model_graph.h"

dla_progressive dla_progressive_of(const dla_config *config)
{
  return (dla_progressive){.initial_scale = config->augment.initial_scale,
                           .delay_fraction = config->augment.delay_fraction,
                           .finetune_fraction = config->augment.finetune_fraction,
                           .size_increment = (int)config->augment.size_increment,
                           .epochs = config->train.epochs};
}

/* Size number `wanted` below the full one, or -1; *count: the number of sizes. */
static int64_t size_at(const dla_config *config, int wanted, int *count)
{
  const dla_progressive p = dla_progressive_of(config);
  const int full = (int)config->model.image_size;
  int64_t found = -1, last = 0;
  *count = 0;
  /* Sizes only grow, in multiples of size_increment. */
  for (uint64_t epoch = 0; epoch < (uint64_t)config->train.epochs; epoch++) {
    const int64_t size = dla_progressive_size(&p, full, epoch);
    if (size >= full) break;
    if (size == last) continue;
    if (*count == wanted) found = size;
    last = size;
    ++*count;
  }
  return found;
}

int dla_progressive_size_count(const dla_config *config)
{
  int count;
  size_at(config, -1, &count);
  return count;
}

int64_t dla_progressive_size_at(const dla_config *config, int i)
{
  int count;
  return size_at(config, i, &count);
}

static dla_status check_fractions(const dla_config *config, dla_error *err)
{
  if (config->augment.delay_fraction + config->augment.finetune_fraction < 1) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "augment.finetune_fraction",
                  "lower one of them: what they leave of 1 is when images grow",
                  "together with augment.delay_fraction it is %g",
                  config->augment.delay_fraction + config->augment.finetune_fraction);
}

static dla_status make_graph(const dla_config *config, int64_t side, dla_graph **graph,
                             dla_error *err)
{
  dla_config small = *config;
  dla_error why = {0};
  small.model.image_size = side;
  dla_status status = dla_model_graph(&small, graph, &why);
  if (status == DLA_E_INPUT)
    return dla_fail(err, DLA_E_INPUT, "augment.initial_scale",
                    "raise it, or augment.size_increment",
                    "the network takes no images of %lld x %lld: %s", (long long)side,
                    (long long)side, why.what);
  if (status) *err = why;
  return status;
}

dla_status dla_progressive_graphs(const dla_config *config, dla_graph ***graphs, dla_error *err)
{
  *graphs = NULL;
  if (config->augment.initial_scale >= 1) return DLA_OK;
  dla_status status = check_fractions(config, err);
  const int count = status ? 0 : dla_progressive_size_count(config);
  if (!count) return status;
  dla_graph **made = calloc((size_t)count, sizeof(dla_graph *));
  if (!made) return dla_fail_memory(err, "the networks");
  for (int i = 0; i < count && !status; i++)
    status = make_graph(config, dla_progressive_size_at(config, i), &made[i], err);
  for (int i = 0; i < count && status; i++)
    dla_graph_free(made[i]);
  if (status)
    free(made);
  else
    *graphs = made;
  return status;
}
