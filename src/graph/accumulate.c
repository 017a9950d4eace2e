#include "graph/accumulate.h"

#include <string.h>

#include "graph/chunks.h"

typedef struct addition {
  float *dst;
  const float *src;
  size_t count;
  bool begin; /* copy instead of add: dst holds no sums yet */
} addition;

static void add_chunks(const void *context, dla_items *items)
{
  const addition *a = context;
  for (int64_t item; dla_items_next(items, &item);) {
    const dla_chunk c = dla_chunk_at(item, a->count);
    if (a->begin) memcpy(a->dst + c.first, a->src + c.first, (c.end - c.first) * sizeof *a->dst);
    for (size_t i = c.first; i < c.end && !a->begin; i++)
      a->dst[i] += a->src[i];
  }
}

static void add(dla_team *team, const addition *a)
{
  dla_team_run(team, dla_chunk_count(a->count), add_chunks, a);
}

/* A parameter's sums lie at the same place as the parameter. */
static float *sums_of(const dla_store *store, const dla_update_span *span)
{
  return (float *)store->sums.data + (span->parameters - (float *)store->parameters.data);
}

void dla_accumulate_keep(const dla_store *store, dla_team *team, const dla_program *program,
                         bool first)
{
  for (int k = 0; k < program->update.count; k++) {
    const dla_update_span span = dla_program_update_span(program, k);
    add(team, &(addition){sums_of(store, &span), span.gradients, span.count, first});
  }
}

void dla_accumulate_finish(const dla_store *store, dla_team *team, const dla_program *program)
{
  for (int k = 0; k < program->update.count; k++) {
    const dla_update_span span = dla_program_update_span(program, k);
    float *gradients = program->value[program->update.pair[k].gradient].data;
    add(team, &(addition){gradients, sums_of(store, &span), span.count, false});
  }
}

void dla_accumulate_finish_some(const dla_store *store, dla_team *team, size_t first, size_t count)
{
  float *gradients = (float *)store->gradients.data + first;
  add(team, &(addition){gradients, (float *)store->sums.data + first, count, false});
}
