/* Images {batch, channels, pixels}. The formulas are those of backend/reference/batch_norm.c. */

/* The offset of the i-th element of a channel. */
static ulong channel_element(int i, int channel, int channels, int pixels)
{
  return ((ulong)(i / pixels) * channels + channel) * pixels + i % pixels;
}

static float normalise(float src, float mean, float variance, float eps)
{
  return (src - mean) * (1 / sqrt(variance + eps));
}

static float affine(float src, float mean, float variance, float eps, float weight, float bias)
{
  return normalise(src, mean, variance, eps) * weight + bias;
}

/* One work group a channel: mean and population variance of the batch, and the step of the running
 * ones, of which the variance is the unbiased one. */
KERNEL batch_norm_statistics(int batch, int channels, int pixels, float momentum, IN(src),
                             OUT(mean), OUT(variance), OUT(running_mean), OUT(running_variance))
{
  local float partial[GROUP];
  int c = get_group_id(0), count = batch * pixels;
  float sum = 0, squares = 0;
  FIND(src);
  FIND(mean);
  FIND(variance);
  FIND(running_mean);
  FIND(running_variance);
  for (int i = get_local_id(0); i < count; i += GROUP)
    sum += src[channel_element(i, c, channels, pixels)];
  float center = group_sum(sum, partial) / count;
  for (int i = get_local_id(0); i < count; i += GROUP) {
    float distance = src[channel_element(i, c, channels, pixels)] - center;
    squares += distance * distance;
  }
  squares = group_sum(squares, partial);
  if (get_local_id(0) != 0) return;
  mean[c] = center;
  variance[c] = squares / count;
  running_mean[c] = (1 - momentum) * running_mean[c] + momentum * center;
  running_variance[c] =
      (1 - momentum) * running_variance[c] + momentum * (squares / (count > 1 ? count - 1 : 1));
}

KERNEL batch_norm_apply(int count, int channels, int pixels, float eps, int with_relu, IN(src),
                        IN(residual), IN(mean), IN(variance), IN(weights), IN(bias), OUT(dst))
{
  int i = get_global_id(0), c = i / pixels % channels;
  FIND(src);
  FIND(residual);
  FIND(mean);
  FIND(variance);
  FIND(weights);
  FIND(bias);
  FIND(dst);
  if (i >= count) return;
  float sum = affine(src[i], mean[c], variance[c], eps, weights[c], bias[c]);
  if (residual) sum += residual[i];
  dst[i] = with_relu && sum < 0 ? 0 : sum;
}

/* The gradient behind ReLU: the sum of up to three, where ReLU let the element through. dst is only
 * there where a residual was added; else it is computed again. */
static float gradient(ulong at, int with_relu, float forward, global const float *dst,
                      global const float *diff, global const float *diff_1,
                      global const float *diff_2)
{
  if (with_relu && (dst ? dst[at] : forward) <= 0) return 0;
  float sum = diff[at];
  if (diff_1) sum += diff_1[at];
  if (diff_2) sum += diff_2[at];
  return sum;
}

/* One work group a channel: the gradients of weight and bias. */
KERNEL batch_norm_sums(int batch, int channels, int pixels, float eps, int with_relu, IN(src),
                       IN(dst), IN(mean), IN(variance), IN(weights), IN(bias), IN(diff),
                       IN(diff_1), IN(diff_2), OUT(diff_weights), OUT(diff_bias))
{
  local float partial[GROUP];
  int c = get_group_id(0), count = batch * pixels;
  float sum = 0, product = 0;
  FIND(src);
  FIND(dst);
  FIND(mean);
  FIND(variance);
  FIND(weights);
  FIND(bias);
  FIND(diff);
  FIND(diff_1);
  FIND(diff_2);
  FIND(diff_weights);
  FIND(diff_bias);
  for (int i = get_local_id(0); i < count; i += GROUP) {
    ulong at = channel_element(i, c, channels, pixels);
    float h = normalise(src[at], mean[c], variance[c], eps);
    float g = gradient(at, with_relu, h * weights[c] + bias[c], dst, diff, diff_1, diff_2);
    sum += g;
    product += g * h;
  }
  sum = group_sum(sum, partial);
  product = group_sum(product, partial);
  if (get_local_id(0) != 0) return;
  diff_bias[c] = sum;
  diff_weights[c] = product;
}

KERNEL batch_norm_backward(int count, int batch, int channels, int pixels, float eps, int with_relu,
                           IN(src), IN(dst), IN(mean), IN(variance), IN(weights), IN(bias),
                           IN(diff), IN(diff_1), IN(diff_2), IN(diff_weights), IN(diff_bias),
                           OUT(diff_src), OUT(diff_residual))
{
  int i = get_global_id(0), c = i / pixels % channels;
  FIND(src);
  FIND(dst);
  FIND(mean);
  FIND(variance);
  FIND(weights);
  FIND(bias);
  FIND(diff);
  FIND(diff_1);
  FIND(diff_2);
  FIND(diff_weights);
  FIND(diff_bias);
  FIND(diff_src);
  FIND(diff_residual);
  if (i >= count) return;
  float h = normalise(src[i], mean[c], variance[c], eps);
  float g = gradient(i, with_relu, h * weights[c] + bias[c], dst, diff, diff_1, diff_2);
  /* A frozen one has no gradients: nothing depends on the batch. */
  float sums = diff_weights ? diff_bias[c] + h * diff_weights[c] : 0;
  float average = sums / ((float)batch * pixels);
  if (diff_residual) diff_residual[i] = g;
  if (diff_src) diff_src[i] = weights[c] * (1 / sqrt(variance[c] + eps)) * (g - average);
}
