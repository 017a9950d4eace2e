/* Batch normalization (Ioffe and Szegedy, 2015), PyTorch's way, over blocked images.
 *
 * Forward: one pass reads src for the statistics, one writes dst. Backward: one pass reads for the
 * sums, one writes. Each plane's sums go to a scratchpad and are put together in double precision
 * in a fixed order, so that results do not depend on the number of threads. */
#include <math.h>

#include "kernels/kernels.h"
#include "kernels/leaf.h"

static const dla_plane_kernels *planes(const dla_blocked *shape)
{
  const dla_leaf_kernels *leaf = dla_leaf();
  return shape->block == 8 ? &leaf->block8 : &leaf->block16;
}

static int64_t blocks(const dla_blocked *shape)
{
  return dla_blocked_padded(shape) / shape->block;
}

/* Per plane two blocks of sums, then five per-channel arrays. */
size_t dla_batch_norm_scratchpad(const dla_blocked *shape)
{
  return (size_t)(dla_blocked_padded(shape) * (2 * shape->batch + 5));
}

/* An image that is larger than this will have left the cache before another pass reads it: its
 * share of a third-level cache, roughly. */
#define CACHED_BYTES ((int64_t)4 << 20)

static bool streams(const dla_batch_norm_args *a)
{
  return dla_blocked_padded(&a->shape) * a->shape.batch * a->shape.pixels * (int64_t)sizeof(float) >
         CACHED_BYTES;
}

typedef struct channel_factors {
  float *scale, *shift, *slope, *offset;
} channel_factors;

static channel_factors factors_of(const dla_batch_norm_args *a)
{
  int64_t padded = dla_blocked_padded(&a->shape);
  float *base = a->scratchpad + 2 * a->shape.batch * padded;
  return (channel_factors){base, base + padded, base + 2 * padded, base + 3 * padded};
}

static void set_scale_and_shift(const dla_batch_norm_args *a, const float *mean,
                                const float *variance)
{
  channel_factors f = factors_of(a);
  for (int64_t c = 0; c < dla_blocked_padded(&a->shape); c++) {
    f.scale[c] = (float)(a->weights[c] / sqrt((double)variance[c] + a->eps));
    f.shift[c] = (float)(a->bias[c] - (double)mean[c] * f.scale[c]);
  }
}

/* Puts the planes' means and squared deviations together (Chan, Golub and LeVeque, 1979). */
static void combine_statistics(const dla_batch_norm_args *a)
{
  int64_t padded = dla_blocked_padded(&a->shape), batch = a->shape.batch;
  double pixels = (double)a->shape.pixels, count = pixels * (double)batch;
#pragma omp parallel for schedule(static)
  for (int64_t c = 0; c < padded; c++) {
    double mean = 0, m2 = 0;
    for (int64_t n = 0; n < batch; n++)
      mean += a->scratchpad[n * 2 * padded + c];
    mean /= (double)batch;
    for (int64_t n = 0; n < batch; n++) {
      double distance = a->scratchpad[n * 2 * padded + c] - mean;
      m2 += a->scratchpad[n * 2 * padded + padded + c] + pixels * distance * distance;
    }
    a->mean[c] = (float)mean;
    a->variance[c] = (float)(m2 / count);
    if (c >= a->shape.channels) continue;                 /* padded channels stay zero */
    double unbiased = count > 1 ? m2 / (count - 1) : NAN; /* as PyTorch */
    a->running_mean[c] += a->momentum * (a->mean[c] - a->running_mean[c]);
    a->running_variance[c] += a->momentum * ((float)unbiased - a->running_variance[c]);
  }
}

static void normalise(const dla_batch_norm_args *a)
{
  const dla_plane_kernels *kernel = planes(&a->shape);
  channel_factors f = factors_of(a);
  int64_t size = a->shape.pixels * a->shape.block, per_image = blocks(&a->shape);
  bool stream = streams(a);
#pragma omp parallel
  {
#pragma omp for schedule(static) nowait
    for (int64_t p = 0; p < a->shape.batch * per_image; p++) {
      int64_t c = p % per_image * a->shape.block;
      kernel->normalise(a->src + p * size, a->residual ? a->residual + p * size : NULL,
                        a->dst + p * size, a->shape.pixels, f.scale + c, f.shift + c, a->relu,
                        stream);
    }
    dla_finish_streams();
  }
}

void dla_batch_norm_training(const dla_batch_norm_args *a)
{
  const dla_plane_kernels *kernel = planes(&a->shape);
  int64_t size = a->shape.pixels * a->shape.block, per_image = blocks(&a->shape);
  int64_t padded = dla_blocked_padded(&a->shape);
#pragma omp parallel for schedule(static)
  for (int64_t p = 0; p < a->shape.batch * per_image; p++) {
    float *sums = a->scratchpad + p / per_image * 2 * padded + p % per_image * a->shape.block;
    kernel->statistics(a->src + p * size, a->shape.pixels, sums, sums + padded);
  }
  combine_statistics(a);
  dla_batch_norm_recompute(a);
}

void dla_batch_norm_recompute(const dla_batch_norm_args *a)
{
  set_scale_and_shift(a, a->mean, a->variance);
  normalise(a);
}

void dla_batch_norm_inference(const dla_batch_norm_args *a)
{
  set_scale_and_shift(a, a->running_mean, a->running_variance);
  normalise(a);
}

static dla_norm_plane plane_at(const dla_batch_norm_args *a, int64_t offset)
{
  dla_norm_plane plane = {
      .src = a->src + offset,
      .dst = a->dst ? a->dst + offset : NULL,
      .diff_src = a->diff_src ? a->diff_src + offset : NULL,
      .diff_residual = a->diff_residual ? a->diff_residual + offset : NULL,
      .relu_mask = !a->relu ? DLA_MASK_NONE
                   : a->dst ? DLA_MASK_DST
                            : DLA_MASK_SRC,
      .stream = streams(a),
  };
  for (int k = 0; k < 3; k++)
    plane.diff_dst[k] = a->diff_dst[k] ? a->diff_dst[k] + offset : NULL;
  return plane;
}

/* With g the gradient behind ReLU, n elements a channel, x^ the normalised src (Ioffe and Szegedy):
 * diff_bias = sum g; diff_weights = sum g x^;
 * diff_src = weight / std * (g - diff_bias / n - x^ diff_weights / n). */
static void combine_gradients(const dla_batch_norm_args *a)
{
  channel_factors f = factors_of(a);
  int64_t padded = dla_blocked_padded(&a->shape), batch = a->shape.batch;
  double count = (double)a->shape.pixels * (double)batch;
#pragma omp parallel for schedule(static)
  for (int64_t c = 0; c < padded; c++) {
    double sum_g = 0, sum_gx = 0;
    for (int64_t n = 0; n < batch; n++) {
      sum_g += a->scratchpad[n * 2 * padded + c];
      sum_gx += a->scratchpad[n * 2 * padded + padded + c];
    }
    double inverse = 1 / sqrt((double)a->variance[c] + a->eps);
    a->diff_bias[c] = (float)sum_g;
    a->diff_weights[c] = (float)(sum_gx * inverse);
    f.slope[c] = (float)(a->weights[c] * inverse * inverse * inverse * sum_gx / count);
    f.offset[c] = (float)(a->weights[c] * inverse * sum_g / count);
  }
}

void dla_batch_norm_backward(const dla_batch_norm_args *a)
{
  const dla_plane_kernels *kernel = planes(&a->shape);
  channel_factors f = factors_of(a);
  int64_t size = a->shape.pixels * a->shape.block, per_image = blocks(&a->shape);
  int64_t padded = dla_blocked_padded(&a->shape);
  set_scale_and_shift(a, a->mean, a->variance);
#pragma omp parallel for schedule(static)
  for (int64_t p = 0; p < a->shape.batch * per_image; p++) {
    int64_t c = p % per_image * a->shape.block;
    float *sums = a->scratchpad + p / per_image * 2 * padded + c;
    dla_norm_plane plane = plane_at(a, p * size);
    kernel->backward_reduce(&plane, a->shape.pixels, a->mean + c, f.scale + c, f.shift + c, sums,
                            sums + padded);
  }
  combine_gradients(a);
#pragma omp parallel
  {
#pragma omp for schedule(static) nowait
    for (int64_t p = 0; p < a->shape.batch * per_image; p++) {
      int64_t c = p % per_image * a->shape.block;
      dla_norm_plane plane = plane_at(a, p * size);
      kernel->backward_apply(&plane, a->shape.pixels, a->mean + c, f.scale + c, f.shift + c,
                             f.slope + c, f.offset + c);
    }
    dla_finish_streams();
  }
}
