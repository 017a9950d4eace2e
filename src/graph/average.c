/* The average of the weights: two flat arrays, laid out like the parameters and the state.
 * Padding is zero in all of them, so it is averaged as well. */
#include <string.h>

#include "base/team.h"
#include "graph/chunks.h"
#include "graph/programs.h"

typedef struct pair {
  float *values, *average;
  size_t count; /* floats in each */
  float rate;
} pair;

static void average_chunks(const void *context, dla_items *items)
{
  const pair *p = context;
  for (int64_t item; dla_items_next(items, &item);) {
    const dla_chunk chunk = dla_chunk_at(item, p->count);
    for (size_t i = chunk.first; i < chunk.end; i++)
      p->average[i] += p->rate * (p->values[i] - p->average[i]);
  }
}

static void swap_chunks(const void *context, dla_items *items)
{
  const pair *p = context;
  for (int64_t item; dla_items_next(items, &item);) {
    const dla_chunk chunk = dla_chunk_at(item, p->count);
    for (size_t i = chunk.first; i < chunk.end; i++) {
      const float value = p->values[i];
      p->values[i] = p->average[i];
      p->average[i] = value;
    }
  }
}

static void run(dla_network *net, dla_loop *loop, double rate)
{
  const dla_store *s = &net->store;
  const pair pairs[] = {{.values = (float *)s->parameters.data,
                         .average = (float *)s->average.data,
                         .count = s->trainable_bytes / sizeof(float),
                         .rate = (float)rate},
                        {.values = (float *)s->state.data,
                         .average = (float *)s->average_state.data,
                         .count = s->state_bytes / sizeof(float),
                         .rate = (float)rate}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    dla_team_run(net->engine.team, dla_chunk_count(pairs[i].count), loop, &pairs[i]);
}

bool dla_network_averages(const dla_network *net)
{
  return net->store.averaged;
}

void dla_network_average_begin(dla_network *net)
{
  const dla_store *s = &net->store;
  memcpy(s->average.data, s->parameters.data, s->trainable_bytes);
  memcpy(s->average_state.data, s->state.data, s->state_bytes);
}

void dla_network_average(dla_network *net, double decay)
{
  run(net, average_chunks, 1 - decay);
}

void dla_network_average_swap(dla_network *net)
{
  run(net, swap_chunks, 0);
  net->prepared = NULL;
}
