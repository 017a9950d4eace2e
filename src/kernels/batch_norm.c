/* Batch normalization (Ioffe and Szegedy, 2015) as in PyTorch, on blocked images.
 *
 * Forward: one pass reads src for the statistics, one writes dst. Backward: one pass reads for
 * the sums, one writes. Each plane's sums go to a scratchpad. They are combined in double
 * precision in a fixed order, so results do not depend on the number of threads. */
#include <math.h>
#include <string.h>

#include "dla/dist.h"
#include "kernels/kernels.h"
#include "kernels/leaf.h"

static int64_t blocks(const dla_blocked *shape)
{
  return dla_blocked_padded(shape) / shape->block;
}

/* An item is a plane: one block of channels of one image. */
static void run_planes(const dla_batch_norm_args *a, dla_loop *loop)
{
  dla_team_run(a->team, a->shape.batch * blocks(&a->shape), loop, a);
}

/* An item is a channel. */
static void run_channels(const dla_batch_norm_args *a, dla_loop *loop)
{
  dla_team_run(a->team, dla_blocked_padded(&a->shape), loop, a);
}

/* Two blocks of sums per plane, then four per-channel arrays of floats and two of doubles. */
size_t dla_batch_norm_scratchpad(const dla_blocked *shape)
{
  return (size_t)(dla_blocked_padded(shape) * (2 * shape->batch + 8));
}

/* A larger image has left the cache before the next pass reads it: roughly its share of a
 * third-level cache. */
#define CACHED_BYTES ((int64_t)4 << 20)

static bool streams(const dla_batch_norm_args *a)
{
  return dla_blocked_padded(&a->shape) * a->shape.batch * a->shape.pixels *
             (int64_t)a->leaf->element >
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

/* The sums that ranks exchange: two blocks of doubles. */
static double *sums_of(const dla_batch_norm_args *a)
{
  return (double *)(void *)(a->scratchpad +
                            (2 * a->shape.batch + 4) * dla_blocked_padded(&a->shape));
}

static void sum_over_ranks(const dla_batch_norm_args *a)
{
  size_t count = 2 * (size_t)dla_blocked_padded(&a->shape);
  double *sums = sums_of(a);
  for (size_t i = 0; i < count && !a->share.counts; i++)
    sums[i] = 0;
  dla_dist_sum(a->dist, sums, count);
}

/* Elements of a channel, on all ranks that share the statistics. */
static double elements(const dla_batch_norm_args *a)
{
  return (double)a->shape.pixels * (double)(a->dist ? a->share.total : a->shape.batch);
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

typedef struct moments {
  double mean, m2; /* m2: the sum of squared deviations */
} moments;

/* Combines the planes' means and squared deviations (Chan, Golub and LeVeque, 1979). */
static moments combine_planes(const dla_batch_norm_args *a, int64_t c)
{
  int64_t padded = dla_blocked_padded(&a->shape), batch = a->shape.batch;
  double pixels = (double)a->shape.pixels;
  moments m = {0};
  for (int64_t n = 0; n < batch; n++)
    m.mean += a->scratchpad[n * 2 * padded + c];
  m.mean /= (double)batch;
  for (int64_t n = 0; n < batch; n++) {
    double distance = a->scratchpad[n * 2 * padded + c] - m.mean;
    m.m2 += a->scratchpad[n * 2 * padded + padded + c] + pixels * distance * distance;
  }
  return m;
}

static void set_statistics(const dla_batch_norm_args *a, int64_t c, moments m)
{
  double count = elements(a);
  a->mean[c] = (float)m.mean;
  a->variance[c] = (float)(m.m2 / count);
  if (c >= a->shape.channels) return;                     /* padded channels stay zero */
  double unbiased = count > 1 ? m.m2 / (count - 1) : NAN; /* as PyTorch */
  a->running_mean[c] += a->momentum * (a->mean[c] - a->running_mean[c]);
  a->running_variance[c] += a->momentum * ((float)unbiased - a->running_variance[c]);
}

/* Sums x and x^2 over the ranks at once, which has half the latency of two sums. In double
 * precision this loses 1e-16 of mean^2 / variance. */
static void sum_here(const void *args, dla_items *items)
{
  const dla_batch_norm_args *a = args;
  int64_t padded = dla_blocked_padded(&a->shape);
  double *sums = sums_of(a), here = (double)a->shape.pixels * (double)a->shape.batch;
  for (int64_t c; dla_items_next(items, &c);) {
    moments m = combine_planes(a, c);
    sums[c] = here * m.mean;
    sums[padded + c] = m.m2 + here * m.mean * m.mean;
  }
}

static void combine_ranks(const dla_batch_norm_args *a)
{
  int64_t padded = dla_blocked_padded(&a->shape);
  double *sums = sums_of(a);
  run_channels(a, sum_here);
  sum_over_ranks(a);
  for (int64_t c = 0; c < padded; c++) {
    double mean = sums[c] / elements(a), m2 = sums[padded + c] - sums[c] * mean;
    set_statistics(a, c, (moments){mean, m2 < 0 ? 0 : m2}); /* a NaN stays a NaN */
  }
}

static void set_all_statistics(const void *args, dla_items *items)
{
  const dla_batch_norm_args *a = args;
  for (int64_t c; dla_items_next(items, &c);)
    set_statistics(a, c, combine_planes(a, c));
}

static void normalise(const void *args, dla_items *items)
{
  const dla_batch_norm_args *a = args;
  channel_factors f = factors_of(a);
  int64_t size = a->shape.pixels * a->shape.block, per_image = blocks(&a->shape);
  bool stream = streams(a);
  for (int64_t p; dla_items_next(items, &p);) {
    int64_t c = p % per_image * a->shape.block;
    a->leaf->normalise(dla_number(a->leaf, a->src, p * size),
                       dla_number(a->leaf, a->residual, p * size),
                       dla_number_to(a->leaf, a->dst, p * size), a->shape.pixels, f.scale + c,
                       f.shift + c, a->relu, stream);
  }
  dla_finish_streams();
}

static void measure_planes(const void *args, dla_items *items)
{
  const dla_batch_norm_args *a = args;
  int64_t size = a->shape.pixels * a->shape.block, per_image = blocks(&a->shape);
  int64_t padded = dla_blocked_padded(&a->shape);
  for (int64_t p; dla_items_next(items, &p);) {
    float *sums = a->scratchpad + p / per_image * 2 * padded + p % per_image * a->shape.block;
    a->leaf->statistics(dla_number(a->leaf, a->src, p * size), a->shape.pixels, sums,
                        sums + padded);
  }
}

void dla_batch_norm_training(const dla_batch_norm_args *a)
{
  run_planes(a, measure_planes);
  if (a->dist)
    combine_ranks(a);
  else
    run_channels(a, set_all_statistics);
  dla_batch_norm_recompute(a);
}

void dla_batch_norm_recompute(const dla_batch_norm_args *a)
{
  set_scale_and_shift(a, a->mean, a->variance);
  run_planes(a, normalise);
}

void dla_batch_norm_inference(const dla_batch_norm_args *a)
{
  set_scale_and_shift(a, a->running_mean, a->running_variance);
  run_planes(a, normalise);
}

static dla_norm_plane plane_at(const dla_batch_norm_args *a, int64_t offset)
{
  dla_norm_plane plane = {
      .src = dla_number(a->leaf, a->src, offset),
      .dst = dla_number(a->leaf, a->dst, offset),
      .diff_src = dla_number_to(a->leaf, a->diff_src, offset),
      .diff_residual = dla_number_to(a->leaf, a->diff_residual, offset),
      .relu_mask = !a->relu ? DLA_MASK_NONE
                   : a->dst ? DLA_MASK_DST
                            : DLA_MASK_SRC,
      .stream = streams(a),
  };
  for (int k = 0; k < 3; k++)
    plane.diff_dst[k] = dla_number(a->leaf, a->diff_dst[k], offset);
  return plane;
}

/* g: the gradient of ReLU's input; n: elements per channel; x^: the normalised src (Ioffe and
 * Szegedy). diff_bias = sum g; diff_weights = sum g x^; diff_src = weight / std * (g - diff_bias
 * / n - x^ diff_weights / n). With several ranks, diff_src uses the sums of all ranks. diff_bias
 * and diff_weights are this rank's summands, like every parameter's gradient. */
static void sum_gradients(const void *args, dla_items *items)
{
  const dla_batch_norm_args *a = args;
  int64_t padded = dla_blocked_padded(&a->shape), batch = a->shape.batch;
  double *sums = sums_of(a);
  for (int64_t c; dla_items_next(items, &c);) {
    double sum_g = 0, sum_gx = 0;
    for (int64_t n = 0; n < batch; n++) {
      sum_g += a->scratchpad[n * 2 * padded + c];
      sum_gx += a->scratchpad[n * 2 * padded + padded + c];
    }
    a->diff_bias[c] = (float)sum_g;
    a->diff_weights[c] = (float)(sum_gx * (1 / sqrt((double)a->variance[c] + a->eps)));
    sums[c] = sum_g;
    sums[padded + c] = sum_gx;
  }
}

static void combine_gradients(const dla_batch_norm_args *a)
{
  channel_factors f = factors_of(a);
  int64_t padded = dla_blocked_padded(&a->shape);
  double *sums = sums_of(a), count = elements(a);
  run_channels(a, sum_gradients);
  if (a->dist) sum_over_ranks(a);
  /* A stand-in batch does not affect the loss, neither directly nor through the statistics. */
  if (a->dist && !a->share.counts) memset(sums, 0, 2 * (size_t)padded * sizeof *sums);
  for (int64_t c = 0; c < padded; c++) {
    double inverse = 1 / sqrt((double)a->variance[c] + a->eps);
    f.slope[c] = (float)(a->weights[c] * inverse * inverse * inverse * sums[padded + c] / count);
    f.offset[c] = (float)(a->weights[c] * inverse * sums[c] / count);
  }
}

static void reduce_planes(const void *args, dla_items *items)
{
  const dla_batch_norm_args *a = args;
  channel_factors f = factors_of(a);
  int64_t size = a->shape.pixels * a->shape.block, per_image = blocks(&a->shape);
  int64_t padded = dla_blocked_padded(&a->shape);
  for (int64_t p; dla_items_next(items, &p);) {
    int64_t c = p % per_image * a->shape.block;
    float *sums = a->scratchpad + p / per_image * 2 * padded + c;
    dla_norm_plane plane = plane_at(a, p * size);
    a->leaf->backward_reduce(&plane, a->shape.pixels, a->mean + c, f.scale + c, f.shift + c, sums,
                             sums + padded);
  }
}

static void apply_planes(const void *args, dla_items *items)
{
  const dla_batch_norm_args *a = args;
  channel_factors f = factors_of(a);
  int64_t size = a->shape.pixels * a->shape.block, per_image = blocks(&a->shape);
  for (int64_t p; dla_items_next(items, &p);) {
    int64_t c = p % per_image * a->shape.block;
    dla_norm_plane plane = plane_at(a, p * size);
    a->leaf->backward_apply(&plane, a->shape.pixels, a->mean + c, f.scale + c, f.shift + c,
                            f.slope + c, f.offset + c);
  }
  dla_finish_streams();
}

/* Frozen: the statistics do not depend on the batch, and no parameter has a gradient. */
static void leave_sums_out(const dla_batch_norm_args *a)
{
  const size_t bytes = (size_t)dla_blocked_padded(&a->shape) * sizeof(float);
  channel_factors f = factors_of(a);
  memset(f.slope, 0, bytes);
  memset(f.offset, 0, bytes);
}

void dla_batch_norm_backward(const dla_batch_norm_args *a)
{
  set_scale_and_shift(a, a->mean, a->variance);
  if (a->diff_weights) {
    run_planes(a, reduce_planes);
    combine_gradients(a);
  } else {
    leave_sums_out(a);
  }
  run_planes(a, apply_planes);
}
