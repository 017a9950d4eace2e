#include "data/sampler.h"

#include "base/philox.h"

void dla_sampler_in_order(uint32_t *order, size_t count)
{
  for (size_t i = 0; i < count; i++)
    order[i] = (uint32_t)i;
}

/* Fisher-Yates, as in Knuth's algorithm P (TAOCP 3.4.2): all permutations are equally likely. */
void dla_sampler_shuffle(uint32_t *order, size_t count, uint64_t seed, uint64_t epoch)
{
  dla_random random = dla_random_at(seed, DLA_RANDOM_SHUFFLE, epoch, 0);
  dla_sampler_in_order(order, count);
  for (size_t left = count; left > 1; left--) {
    uint32_t chosen = dla_random_below(&random, (uint32_t)left);
    uint32_t moved = order[chosen];
    order[chosen] = order[left - 1];
    order[left - 1] = moved;
  }
}
