/* One source, compiled once an instruction set with DLA_LEAF naming the table (see local.mk). */
#include "kernels/leaf.h"

#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

#define BLOCK   8
#define NAME(x) JOIN(x, _8)
#include "kernels/planes.h"
#include "kernels/windows.h"
#include "kernels/winograd_lines.h"
#include "kernels/winograd_product.h"
#include "kernels/winograd_tiles.h"
#undef BLOCK
#undef NAME

#define BLOCK   16
#define NAME(x) JOIN(x, _16)
#include "kernels/planes.h"
#include "kernels/windows.h"
#include "kernels/winograd_lines.h"
#include "kernels/winograd_product.h"
#include "kernels/winograd_tiles.h"
#undef BLOCK
#undef NAME

static void add(const float *restrict a, const float *restrict b, float *restrict dst, size_t count)
{
  for (size_t i = 0; i < count; i++)
    dst[i] = a[i] + b[i];
}

static void relu(const float *restrict src, float *restrict dst, size_t count)
{
  for (size_t i = 0; i < count; i++)
    dst[i] = src[i] > 0 ? src[i] : 0;
}

static void relu_backward(const float *restrict dst, const float *restrict diff_dst,
                          float *restrict diff_src, size_t count)
{
  for (size_t i = 0; i < count; i++)
    diff_src[i] = dst[i] > 0 ? diff_dst[i] : 0;
}

/* https://pytorch.org/docs/stable/generated/torch.optim.SGD.html with dampening 0. A momentum
 * buffer that starts at zero equals PyTorch's, which starts as the first gradient. */
static void sgd(float *restrict parameters, float *restrict momentum,
                const float *restrict gradients, size_t count, const dla_sgd *s)
{
  const float lr = s->lr, keep = s->momentum, decay = s->weight_decay;
  if (s->nesterov)
    for (size_t i = 0; i < count; i++) {
      float g = gradients[i] + decay * parameters[i];
      momentum[i] = keep * momentum[i] + g;
      parameters[i] -= lr * (g + keep * momentum[i]);
    }
  else
    for (size_t i = 0; i < count; i++) {
      float g = gradients[i] + decay * parameters[i];
      momentum[i] = keep * momentum[i] + g;
      parameters[i] -= lr * momentum[i];
    }
}

/* Twelve chains hide the latency of two FMA units (4 to 5 cycles) with a vector each. */
static float multiply_add(int64_t iterations, double *flops)
{
  vec_16 a0 = {0}, a1 = {1}, a2 = {2}, a3 = {3}, a4 = {4}, a5 = {5};
  vec_16 a6 = {6}, a7 = {7}, a8 = {8}, a9 = {9}, a10 = {10}, a11 = {11};
  vec_16 x = a0 + 0.999f, y = a0 + 1e-3f;
  for (int64_t i = 0; i < iterations; i++) {
    a0 = a0 * x + y, a1 = a1 * x + y, a2 = a2 * x + y, a3 = a3 * x + y;
    a4 = a4 * x + y, a5 = a5 * x + y, a6 = a6 * x + y, a7 = a7 * x + y;
    a8 = a8 * x + y, a9 = a9 * x + y, a10 = a10 * x + y, a11 = a11 * x + y;
  }
  *flops = 2.0 * 12 * 16 * (double)iterations;
  vec_16 sum = a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11;
  return sum[0];
}

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

const dla_leaf_kernels JOIN(dla_leaf_, DLA_LEAF) = {
    .name = TEXT(DLA_LEAF),
    .block8 = {statistics_8, normalise_8, backward_reduce_8, backward_apply_8, winograd_8,
               winograd_by_channels_8, winograd_by_tiles_8, window_gather_8, window_scatter_8,
               rows_store_8, avg_pool_8, avg_pool_backward_8, max_pool_8, max_pool_backward_8},
    .block16 = {statistics_16, normalise_16, backward_reduce_16, backward_apply_16, winograd_16,
                winograd_by_channels_16, winograd_by_tiles_16, window_gather_16, window_scatter_16,
                rows_store_16, avg_pool_16, avg_pool_backward_16, max_pool_16,
                max_pool_backward_16},
    .add = add,
    .relu = relu,
    .relu_backward = relu_backward,
    .sgd = sgd,
    .multiply_add = multiply_add,
};
