#include "dataset/sampler.h"

#include "base/philox.h"

void dla_sampler_shuffle(uint64_t seed, uint64_t epoch, uint32_t *order, uint32_t count)
{
  dla_random random = dla_random_at(seed, DLA_RANDOM_SHUFFLE, epoch, 0);
  for (uint32_t i = 0; i < count; i++)
    order[i] = i;
  for (uint32_t i = count; i > 1; i--) {
    uint32_t k = dla_random_below(&random, i), held = order[i - 1];
    order[i - 1] = order[k];
    order[k] = held;
  }
}
