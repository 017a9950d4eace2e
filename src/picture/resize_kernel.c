#include "picture/resize_kernel.h"

#include <string.h>

#ifdef __AVX2__
#include <immintrin.h>
#endif

#define JOIN_(name, leaf) dla_##name##_##leaf
#define JOIN(name, leaf)  JOIN_(name, leaf)
#define KERNEL(name)      JOIN(name, DLA_LEAF)

enum { HALF = 1 << (DLA_WEIGHT_BITS - 1), BLOCK = 1024 };

typedef int32_t numbers8 __attribute__((vector_size(32)));

/* From __builtin_convertvector(), GCC and clang would make one instruction for each byte here. */
#ifdef __AVX2__
static inline numbers8 widen(uint32_t first, uint32_t second)
{
  const __m128i both = _mm_insert_epi32(_mm_cvtsi32_si128((int)first), (int)second, 1);
  return (numbers8)_mm256_cvtepu8_epi32(both);
}

static inline uint64_t narrow(numbers8 values)
{
  const __m256i v = (__m256i)values;
  const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  return (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(words, words));
}
#else
static inline numbers8 widen(uint32_t first, uint32_t second)
{
  const int32_t a = (int32_t)first, b = (int32_t)second;
  const numbers8 both = {a, a, a, a, b, b, b, b}, places = {0, 8, 16, 24, 0, 8, 16, 24};
  return both >> places & 255;
}

static inline uint64_t narrow(numbers8 values)
{
  uint64_t bytes = 0;
  for (int i = 0; i < 8; i++)
    bytes |= (uint64_t)values[i] << 8 * i;
  return bytes;
}
#endif

/* Loads a pixel of each row, and the byte behind it. */
static inline numbers8 load(const uint8_t *first, const uint8_t *second)
{
  uint32_t a, b;
  memcpy(&a, first, 4);
  memcpy(&b, second, 4);
  return widen(a, b);
}

/* The weights are not negative and add up to 1, up to rounding errors far below half a grey level.
 * So the result is a byte. */
static inline void across(const uint8_t *const in[2], const dla_taps *t, int taps, int count,
                          uint8_t *const out[2])
{
  const int32_t *weight = t->weights;
  for (int x = 0; x < count; x++, weight += taps) {
    const ptrdiff_t at = 3 * (ptrdiff_t)t->first[x];
    const uint8_t *first = in[0] + at, *second = in[1] + at;
    numbers8 sum = {HALF, HALF, HALF, HALF, HALF, HALF, HALF, HALF};
    for (int k = 0; k < taps; k++)
      sum += load(first + 3 * k, second + 3 * k) * weight[k];
    const uint64_t bytes = narrow(sum >> DLA_WEIGHT_BITS);
    const uint32_t pixels[2] = {(uint32_t)bytes, (uint32_t)(bytes >> 32)};
    memcpy(out[0] + 3 * (ptrdiff_t)x, &pixels[0], 3);
    memcpy(out[1] + 3 * (ptrdiff_t)x, &pixels[1], 3);
  }
}

/* Where the compiler knows the number of taps, the loops have no branches. */
void KERNEL(resize_across)(const uint8_t *const in[2], const dla_taps *taps, int count,
                           uint8_t *const out[2])
{
  switch (taps->taps) {
  case 1:
    across(in, taps, 1, count, out);
    break;
  case 2:
    across(in, taps, 2, count, out);
    break;
  case 3:
    across(in, taps, 3, count, out);
    break;
  case 4:
    across(in, taps, 4, count, out);
    break;
  case 5:
    across(in, taps, 5, count, out);
    break;
  case 6:
    across(in, taps, 6, count, out);
    break;
  default:
    across(in, taps, taps->taps, count, out);
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
      out[from + i] = (uint8_t)(sums[i] >> DLA_WEIGHT_BITS);
  }
}

void KERNEL(to_planes)(const uint8_t *rgb, size_t pixels, const float scale[3],
                       const float offset[3], float *planes)
{
  float *restrict r = planes, *restrict g = planes + pixels, *restrict b = planes + 2 * pixels;
  const float s[3] = {scale[0], scale[1], scale[2]}, o[3] = {offset[0], offset[1], offset[2]};
  for (size_t i = 0; i < pixels; i++) {
    r[i] = (float)rgb[3 * i] * s[0] + o[0];
    g[i] = (float)rgb[3 * i + 1] * s[1] + o[1];
    b[i] = (float)rgb[3 * i + 2] * s[2] + o[2];
  }
}
