/* batch_norm: dst = relu(weight (src - mean) / sqrt(variance + eps) + bias + residual); the
 * residual and ReLU are optional. Training uses the mean and population variance of the batch. It
 * moves the running statistics towards them, with the unbiased variance (torch.nn.BatchNorm2d).
 * Inference uses the running statistics.
 *
 * Backward (Ioffe and Szegedy, "Batch Normalization", 2015, section 3), over the m elements of a
 * channel, with g the gradient of ReLU's input and h the normalised src:
 *    diff_bias = sum g, diff_weight = sum g h,
 *    diff_src = weight / sqrt(variance + eps) (g - diff_bias / m - h diff_weight / m) */
#include <math.h>

#include "backend/reference/reference.h"
#include "dla/dist.h"

typedef struct channel {
  int64_t index, channels, batch, pixels;
  double count;       /* elements, on all ranks that share the statistics */
  dla_dist *dist;     /* those ranks, or NULL */
  bool counts;        /* false: a stand-in batch, which must not count */
  double mean, scale; /* scale: 1 / sqrt(variance + eps) */
  double weight, bias;
} channel;

/* Runs the statement for every element of the channel, with its offset in `at`. */
#define FOR_EACH(at, c)                                                                            \
  for (int64_t n_ = 0; n_ < (c)->batch; n_++)                                                      \
    for (int64_t at = (n_ * (c)->channels + (c)->index) * (c)->pixels, end_ = at + (c)->pixels;    \
         at < end_; at++)

static double normalised(const channel *c, float src)
{
  return (src - c->mean) * c->scale;
}

/* Both passes use it, so the backward pass recomputes ReLU's mask exactly. */
static float affine(const channel *c, float src, float residual)
{
  return (float)(normalised(c, src) * c->weight + c->bias + residual);
}

static void sum_over_ranks(const channel *c, double *values, size_t count)
{
  for (size_t i = 0; i < count && !c->counts; i++)
    values[i] = 0;
  dla_dist_sum(c->dist, values, count);
}

/* Mean and population variance of a channel. */
static void statistics(const channel *c, const float *src, float *mean, float *variance)
{
  double sum = 0, squares = 0;
  FOR_EACH(at, c)
  sum += src[at];
  sum_over_ranks(c, &sum, 1);
  FOR_EACH(at, c)
  {
    double distance = src[at] - sum / c->count;
    squares += distance * distance;
  }
  sum_over_ranks(c, &squares, 1);
  *mean = (float)(sum / c->count);
  *variance = (float)(squares / c->count);
}

static void update_running(const channel *c, double momentum, float mean, float variance,
                           float *running_mean, float *running_variance)
{
  double unbiased = c->count > 1 ? variance * c->count / (c->count - 1) : variance;
  *running_mean = (float)((1 - momentum) * *running_mean + momentum * mean);
  *running_variance = (float)((1 - momentum) * *running_variance + momentum * unbiased);
}

static void set_statistics(channel *c, const dla_instruction *i, const float *mean,
                           const float *variance)
{
  c->mean = mean[c->index];
  c->scale = 1 / sqrt(variance[c->index] + i->attr[DLA_ATTR_EPS]);
}

static void forward(const dla_program *program, const dla_instruction *i, channel *c)
{
  const float *src = backend_data(program, i, DLA_ARG_SRC);
  const float *residual = backend_data(program, i, DLA_ARG_SRC_1);
  float *running_mean = backend_data(program, i, DLA_ARG_RUNNING_MEAN);
  float *running_variance = backend_data(program, i, DLA_ARG_RUNNING_VARIANCE);
  float *mean = backend_data(program, i, DLA_ARG_MEAN);
  float *variance = backend_data(program, i, DLA_ARG_VARIANCE);
  float *dst = backend_data(program, i, DLA_ARG_DST);
  int64_t k = c->index;
  if (i->pass == DLA_PASS_RECOMPUTE || !running_mean) {
    set_statistics(c, i, mean, variance);
  } else if (program->mode == DLA_MODE_TRAINING) {
    statistics(c, src, &mean[k], &variance[k]);
    update_running(c, i->attr[DLA_ATTR_MOMENTUM], mean[k], variance[k], &running_mean[k],
                   &running_variance[k]);
    set_statistics(c, i, mean, variance);
  } else {
    set_statistics(c, i, running_mean, running_variance);
  }
  FOR_EACH(at, c)
  {
    float sum = affine(c, src[at], residual ? residual[at] : 0);
    dst[at] = i->attr[DLA_ATTR_RELU] != 0 && sum < 0 ? 0 : sum;
  }
}

/* The gradient of ReLU's input. */
static double gradient_at(const dla_program *program, const dla_instruction *i, const channel *c,
                          int64_t at)
{
  const float *dst = backend_data(program, i, DLA_ARG_DST);
  const float *src = backend_data(program, i, DLA_ARG_SRC);
  if (i->attr[DLA_ATTR_RELU] != 0 && (dst ? dst[at] : affine(c, src[at], 0)) <= 0) return 0;
  double sum = 0;
  for (int k = DLA_ARG_DIFF_DST; k <= DLA_ARG_DIFF_DST_2; k++) {
    const float *summand = backend_data(program, i, (dla_arg)k);
    if (summand) sum += summand[at];
  }
  return sum;
}

static void backward(const dla_program *program, const dla_instruction *i, channel *c)
{
  const float *src = backend_data(program, i, DLA_ARG_SRC);
  float *diff_src = backend_data(program, i, DLA_ARG_DIFF_SRC);
  float *diff_residual = backend_data(program, i, DLA_ARG_DIFF_SRC_1);
  float *diff_weights = backend_data(program, i, DLA_ARG_DIFF_WEIGHTS);
  double sum[2] = {0}; /* of the gradient, and of its product with the normalised src */
  set_statistics(c, i, backend_data(program, i, DLA_ARG_MEAN),
                 backend_data(program, i, DLA_ARG_VARIANCE));
  FOR_EACH(at, c)
  {
    double g = gradient_at(program, i, c, at);
    sum[0] += g;
    sum[1] += g * normalised(c, src[at]);
  }
  if (diff_weights) {
    /* This rank's summand, like every parameter's gradient. */
    diff_weights[c->index] = (float)sum[1];
    backend_data(program, i, DLA_ARG_DIFF_BIAS)[c->index] = (float)sum[0];
    sum_over_ranks(c, sum, 2);
  }
  /* A stand-in batch does not affect the loss, neither directly nor through the statistics. The
   * statistics of a frozen batch norm do not depend on the batch. */
  if (!c->counts || !diff_weights) sum[0] = sum[1] = 0;
  FOR_EACH(at, c)
  {
    double g = gradient_at(program, i, c, at), h = normalised(c, src[at]);
    if (diff_residual) diff_residual[at] = (float)g;
    if (diff_src)
      diff_src[at] = (float)(c->weight * c->scale * (g - (sum[0] + h * sum[1]) / c->count));
  }
}

void reference_batch_norm(const dla_program *program, const dla_instruction *i)
{
  const dla_shape *shape = &dla_program_arg(program, i, DLA_ARG_SRC)->shape;
  int64_t samples = program->sync_bn ? program->share.total : shape->dim[0];
  for (int64_t k = 0; k < shape->dim[1]; k++) {
    channel c = {
        .index = k,
        .channels = shape->dim[1],
        .batch = shape->dim[0],
        .pixels = reference_pixels(shape),
        .count = (double)(samples * reference_pixels(shape)),
        .dist = program->sync_bn,
        .counts = program->share.counts,
        .weight = backend_data(program, i, DLA_ARG_WEIGHTS)[k],
        .bias = backend_data(program, i, DLA_ARG_BIAS)[k],
    };
    if (i->pass == DLA_PASS_BACKWARD)
      backward(program, i, &c);
    else
      forward(program, i, &c);
  }
}
