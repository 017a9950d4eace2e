/* One source, compiled once an instruction set with DLA_LEAF naming the table (see local.mk). */
#include "base/bf16.h"
#include "kernels/leaf.h"
#include "kernels/sizes.h"

#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

#include "kernels/planes.h"
#include "kernels/product.h"
#include "kernels/windows.h"
#include "kernels/winograd_lines.h"
#include "kernels/winograd_tiles.h"

static void add(const float *restrict a, const float *restrict b, float *restrict dst, size_t count)
{
  for (size_t i = 0; i < count; i++)
    dst[i] = a[i] + b[i];
}

/* A NaN is not below zero, so it goes on, as in PyTorch. */
static void relu(const float *src, float *dst, size_t count)
{
  for (size_t i = 0; i < count; i++)
    dst[i] = src[i] <= 0 ? 0 : src[i];
}

static void relu_backward(const float *restrict dst, const float *restrict diff_dst,
                          float *restrict diff_src, size_t count)
{
  for (size_t i = 0; i < count; i++)
    diff_src[i] = dst[i] <= 0 ? 0 : diff_dst[i];
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

/* In double, as many sums at a time as hide the latency of adding. */
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

/* As many chains as hide the latency of the multiply-add units, in registers as wide as these are.
 */
static float multiply_add(int64_t iterations, double *flops)
{
  enum { ROUNDS = 8 /* so that the loop itself costs nothing */ };
  lane a[CHAINS], x = (lane){0} + 0.999f, y = (lane){0} + 1e-3f, sum = {0};
#pragma GCC unroll 24
  for (int k = 0; k < CHAINS; k++)
    a[k] = (lane){0} + (float)k;
  for (int64_t i = 0; i < iterations; i++)
#pragma GCC unroll 8
    for (int round = 0; round < ROUNDS; round++)
#pragma GCC unroll 24
      for (int k = 0; k < CHAINS; k++)
        a[k] = a[k] * x + y;
#pragma GCC unroll 24
  for (int k = 0; k < CHAINS; k++)
    sum += a[k];
  *flops = 2.0 * ROUNDS * CHAINS * REGISTER * (double)iterations;
  return sum[0];
}

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

const dla_leaf_kernels JOIN(dla_leaf_, DLA_LEAF) = {
    .name = TEXT(DLA_LEAF),
    .block = BLOCK,
    .rows = ROWS,
    .statistics = statistics,
    .normalise = normalise,
    .backward_reduce = backward_reduce,
    .backward_apply = backward_apply,
    .winograd = winograd,
    .product_by_channels = product_by_channels,
    .product_by_tiles = product_by_tiles,
    .product_by_pixels = product_by_pixels,
    .window_gather = window_gather,
    .window_scatter = window_scatter,
    .rows_store = rows_store,
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
