/* Compiled once per instruction set, with DLA_LEAF naming the table (see local.mk). */
#include "kernels/leaf.h"
#include "base/bf16.h"
#include "kernels/sizes.h"

#include <string.h>

#if DEEP == 2
#include <immintrin.h>
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

#include "kernels/images.h"
#include "kernels/planes.h"
#include "kernels/product.h"
#include "kernels/windows.h"
#include "kernels/winograd_lines.h"
#include "kernels/winograd_tiles.h"

/* One number at a time; the compiler makes vectors of these loops. */
#ifdef DLA_HALF
INLINE float number(element e)
{
  return dla_bf16_value(e);
}
INLINE element element_of(float value)
{
  return dla_bf16_round(value);
}
#else
INLINE float number(element e)
{
  return e;
}
INLINE element element_of(float value)
{
  return value;
}
#endif

static void add(const void *a, const void *b, void *dst, size_t count)
{
  const element *restrict x = a, *restrict y = b;
  element *restrict sum = dst;
  for (size_t i = 0; i < count; i++)
    sum[i] = element_of(number(x[i]) + number(y[i]));
}

/* A NaN is not below zero, so it passes through, as in PyTorch. */
static void relu(const void *src, void *dst, size_t count)
{
  const element *from = src;
  element *to = dst;
  for (size_t i = 0; i < count; i++)
    to[i] = number(from[i]) <= 0 ? 0 : from[i];
}

static void relu_backward(const void *dst, const void *diff_dst, void *diff_src, size_t count)
{
  const element *restrict of = dst, *restrict from = diff_dst;
  element *restrict to = diff_src;
  for (size_t i = 0; i < count; i++)
    to[i] = number(of[i]) <= 0 ? 0 : from[i];
}

static void narrow(const float *restrict src, uint16_t *restrict dst, size_t count)
{
  for (size_t i = 0; i < count; i++)
    dst[i] = dla_bf16_round(src[i]);
}

static void widen(const uint16_t *restrict src, float *restrict dst, size_t count)
{
  for (size_t i = 0; i < count; i++)
    dst[i] = dla_bf16_value(src[i]);
}

/* In double, with enough independent sums to hide the latency of adding. */
static double squares(const float *values, size_t count)
{
  enum { SUMS = 32 };
  double part[SUMS] = {0}, sum = 0;
  size_t i = 0;
  for (; i + SUMS <= count; i += SUMS)
    for (size_t k = 0; k < SUMS; k++)
      part[k] += (double)values[i + k] * (double)values[i + k];
  for (; i < count; i++)
    sum += (double)values[i] * (double)values[i];
  for (size_t k = 0; k < SUMS; k++)
    sum += part[k];
  return sum;
}

static void scale(float *values, size_t count, float factor)
{
  for (size_t i = 0; i < count; i++)
    values[i] *= factor;
}

/* Enough independent chains to hide the latency of the multiply-add units, in registers of full
 * width. */
static float multiply_add(int64_t iterations, double *flops)
{
  enum { ROUNDS = 8 /* so that the loop itself costs nothing */ };
#if DEEP == 2
  const lane x = (lane)((lane_mask){0} + 0x3f7f3f7f); /* two bfloat16 of 0.996 */
  const word factor = 0x3a833a83;                     /* two bfloat16 of 0.001 */
#define STEP(chain) multiply(chain, factor, x)
#else
  /* Read at run time: with these as constants, the compiler sees that a chain that begins with 1
   * stays 1, and leaves it out. */
  volatile const float shrink = 0.999f, grow = 1e-3f;
  const lane x = (lane){0} + shrink, y = (lane){0} + grow;
#define STEP(chain) chain *x + y
#endif
  lane a[CHAINS], sum = {0};
#pragma GCC unroll 24
  for (int k = 0; k < CHAINS; k++)
    a[k] = (lane){0} + (float)k;
  for (int64_t i = 0; i < iterations; i++)
#pragma GCC unroll 8
    for (int round = 0; round < ROUNDS; round++)
#pragma GCC unroll 24
      for (int k = 0; k < CHAINS; k++)
        a[k] = STEP(a[k]);
#undef STEP
#pragma GCC unroll 24
  for (int k = 0; k < CHAINS; k++)
    sum += a[k];
  *flops = 2.0 * DEEP * ROUNDS * CHAINS * REGISTER * (double)iterations;
  return sum[0];
}

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

#ifdef DLA_HALF
#define TABLE JOIN(dla_half_, DLA_LEAF)
#else
#define TABLE JOIN(dla_leaf_, DLA_LEAF)
#endif

const dla_leaf_kernels TABLE = {
    .name = TEXT(DLA_LEAF),
    .block = BLOCK,
    .rows = ROWS,
    .pixel_blocks = ROWS_OF_THREE > 0 ? 3 : 2,
    .element = sizeof(element),
    .deep = DEEP,
    .statistics = statistics,
    .normalise = normalise,
    .backward_reduce = backward_reduce,
    .backward_apply = backward_apply,
    .winograd = winograd,
    .product_by_channels = product_by_channels,
    .product_of_images = product_of_images,
    .product_by_tiles = product_by_tiles,
    .product_by_pixels = product_by_pixels,
    .take_channels = take_channels,
    .take_pixels = take_pixels,
    .spread_pixels = spread_pixels,
#ifndef DLA_HALF
    .window_gather = window_gather,
    .window_scatter = window_scatter,
    .rows_store = rows_store,
#endif
    .avg_pool = avg_pool,
    .avg_pool_backward = avg_pool_backward,
    .max_pool = max_pool,
    .max_pool_backward = max_pool_backward,
    .add = add,
    .relu = relu,
    .relu_backward = relu_backward,
    .narrow = narrow,
    .widen = widen,
    .squares = squares,
    .scale = scale,
    .multiply_add = multiply_add,
};
