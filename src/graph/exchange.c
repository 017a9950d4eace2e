#include "graph/exchange.h"

#include <stdlib.h>

/* Small enough that the first sum starts early, large enough that latency does not matter. */
static const size_t bucket_bytes = (size_t)4 << 20;

/* The last instruction before the update that writes the gradient of a slot. */
static int final_after(const dla_program *program, const dla_slot *slot)
{
  int last = 0;
  for (int i = 0; i < program->instruction_count; i++)
    for (int k = 0; k < DLA_ARG_COUNT; k++) {
      const dla_value *value = dla_program_arg(program, &program->instruction[i], (dla_arg)k);
      if (value && value->kind == DLA_VALUE_PARAMETER_GRADIENT &&
          value->parameter == slot->parameter && value->part == slot->part)
        last = i;
    }
  return last;
}

static int by_time(const void *a, const void *b)
{
  const dla_bucket *x = a, *y = b;
  if (x->after != y->after) return x->after < y->after ? -1 : 1;
  return x->first < y->first ? 1 : -1;
}

/* Starts at the last parameter: the backward pass reaches them roughly in reverse order. */
void dla_exchange_plan(const dla_store *store, const dla_program *program, dla_exchange *x)
{
  size_t most = store->trainable_bytes / (DLA_DIST_PENDING / 2);
  size_t enough = (most > bucket_bytes ? most : bucket_bytes) / sizeof(float);
  *x = (dla_exchange){0};
  for (int s = store->count - 1; s >= 0; s--) {
    const dla_slot *slot = &store->slot[s];
    if (!slot->trainable) continue;
    if (x->count == 0 || x->bucket[x->count - 1].count >= enough)
      x->bucket[x->count++] = (dla_bucket){.first = slot->offset / sizeof(float)};
    dla_bucket *bucket = &x->bucket[x->count - 1];
    size_t first = slot->offset / sizeof(float), floats = dla_align(slot->bytes) / sizeof(float);
    int after = final_after(program, slot);
    bucket->first = first;
    bucket->count += floats;
    if (after > bucket->after) bucket->after = after;
  }
  qsort(x->bucket, (size_t)x->count, sizeof *x->bucket, by_time);
}

void dla_exchange_wait(dla_exchange *x, dla_dist *dist)
{
  dla_dist_sum_wait(dist);
  x->next = 0;
}

void dla_exchange_after(dla_exchange *x, dla_dist *dist, const dla_store *store, dla_team *team,
                        bool accumulated, int instruction)
{
  while (x->next < x->count && x->bucket[x->next].after == instruction) {
    const dla_bucket *bucket = &x->bucket[x->next++];
    if (accumulated) dla_accumulate_finish_some(store, team, bucket->first, bucket->count);
    dla_dist_sum_start(dist, (float *)store->gradients.data + bucket->first, bucket->count);
  }
  dla_dist_progress(dist);
}
