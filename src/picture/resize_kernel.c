#include "picture/resize_kernel.h"

#include <string.h>

#define JOIN_(name, leaf) dla_##name##_##leaf
#define JOIN(name, leaf)  JOIN_(name, leaf)
#define KERNEL(name)      JOIN(name, DLA_LEAF)

enum { HALF = 1 << (DLA_WEIGHT_BITS - 1), BLOCK = 1024 };

typedef uint8_t bytes4 __attribute__((vector_size(4)));
typedef int32_t numbers4 __attribute__((vector_size(16)));

static inline uint8_t to_byte(int32_t sum)
{
  const int32_t value = sum >> DLA_WEIGHT_BITS;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static inline numbers4 load(const uint8_t *pixel)
{
  bytes4 four;
  memcpy(&four, pixel, sizeof four);
  return __builtin_convertvector(four, numbers4);
}

void KERNEL(resize_across)(const uint8_t *in, const dla_taps *taps, int first, int count,
                           uint8_t *out)
{
  for (int x = first; x < first + count; x++, out += 3) {
    const uint8_t *pixel = in + 3 * (ptrdiff_t)taps->first[x];
    const int32_t *weight = taps->weights + (ptrdiff_t)x * taps->most;
    numbers4 sum = {HALF, HALF, HALF, HALF};
    for (int k = 0; k < taps->count[x]; k++, pixel += 3) {
      const int32_t w = weight[k];
      sum += load(pixel) * (numbers4){w, w, w, w};
    }
    for (int c = 0; c < 3; c++)
      out[c] = to_byte(sum[c]);
  }
}

void KERNEL(resize_down)(const uint8_t *in, size_t stride, const int32_t *weights, int rows,
                         size_t count, uint8_t *out)
{
  int32_t sums[BLOCK];
  for (size_t from = 0; from < count; from += BLOCK) {
    const size_t n = count - from < BLOCK ? count - from : BLOCK;
    for (size_t i = 0; i < n; i++)
      sums[i] = HALF;
    for (int k = 0; k < rows; k++) {
      const uint8_t *row = in + (size_t)k * stride + from;
      const int32_t w = weights[k];
      for (size_t i = 0; i < n; i++)
        sums[i] += row[i] * w;
    }
    for (size_t i = 0; i < n; i++)
      out[from + i] = to_byte(sums[i]);
  }
}
