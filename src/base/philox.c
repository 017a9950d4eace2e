#include "base/philox.h"

#include <string.h>

/* The constants of the paper's section 4: multipliers chosen by avalanche tests, and Weyl keys from
 * the golden ratio and the square root of 3. */
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0       0x9E3779B9u
#define WEYL_1       0xBB67AE85u
#define ROUNDS       10

void dla_philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4])
{
  uint32_t k0 = key[0], k1 = key[1];
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t p0 = (uint64_t)MULTIPLIER_0 * c0;
    uint64_t p1 = (uint64_t)MULTIPLIER_1 * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  memcpy(out, (uint32_t[4]){c0, c1, c2, c3}, 4 * sizeof *out);
}

dla_random dla_random_at(uint64_t seed, dla_random_purpose purpose, uint64_t epoch, uint32_t index)
{
  return (dla_random){
      .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
      .counter = {0, index, (uint32_t)epoch, (uint32_t)(epoch >> 32) << 8 | (uint32_t)purpose},
  };
}

uint32_t dla_random_bits(dla_random *random)
{
  if (random->left == 0) {
    dla_philox(random->key, random->counter, random->block);
    random->counter[0]++;
    random->left = 4;
  }
  return random->block[4 - random->left--];
}

static float to_float(uint32_t bits)
{
  return (float)(bits >> 8) * 0x1p-24f;
}

float dla_random_float(dla_random *random)
{
  return to_float(dla_random_bits(random));
}

double dla_random_double(dla_random *random)
{
  uint32_t high = dla_random_bits(random) >> 5, low = dla_random_bits(random) >> 6;
  return ((double)high * 0x1p26 + (double)low) * 0x1p-53;
}

void dla_random_fill(const dla_random *stream, uint32_t first, float *numbers, size_t count)
{
  uint32_t counter[4], block[4];
  memcpy(counter, stream->counter, sizeof counter);
  counter[0] = first / 4;
  for (size_t i = 0; i < count; i += 4, counter[0]++) {
    dla_philox(stream->key, counter, block);
    for (size_t k = 0; k < 4 && i + k < count; k++)
      numbers[i + k] = to_float(block[k]);
  }
}

/* Lemire, "Fast random integer generation in an interval" (TOMACS 2019): the high word of the
 * product is uniform if the product is drawn again for the few low words that would make some
 * results one case too frequent. */
uint32_t dla_random_below(dla_random *random, uint32_t bound)
{
  uint64_t product = (uint64_t)dla_random_bits(random) * bound;
  if ((uint32_t)product < bound) {
    uint32_t surplus = (0u - bound) % bound;
    while ((uint32_t)product < surplus)
      product = (uint64_t)dla_random_bits(random) * bound;
  }
  return (uint32_t)(product >> 32);
}
