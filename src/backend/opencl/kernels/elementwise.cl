KERNEL add(int count, IN(a), IN(b), OUT(dst))
{
  int i = get_global_id(0);
  FIND(a);
  FIND(b);
  FIND(dst);
  if (i < count) dst[i] = a[i] + b[i];
}

/* A NaN stays one. */
KERNEL relu(int count, IN(src), OUT(dst))
{
  int i = get_global_id(0);
  FIND(src);
  FIND(dst);
  if (i < count) dst[i] = src[i] < 0 ? 0 : src[i];
}

KERNEL relu_backward(int count, IN(dst), IN(diff_dst), OUT(diff_src))
{
  int i = get_global_id(0);
  FIND(dst);
  FIND(diff_dst);
  FIND(diff_src);
  if (i < count) diff_src[i] = dst[i] <= 0 ? 0 : diff_dst[i];
}

/* Between float and bfloat16, its upper half; rounded to nearest, ties to even. A NaN stays one.
 * Places are in floats. */
KERNEL narrow(int count, IN(src), global ushort *dst, ulong dst_at)
{
  int i = get_global_id(0);
  FIND(src);
  if (i >= count) return;
  uint bits = as_uint(src[i]);
  uint rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  dst[2 * dst_at + i] = isnan(src[i]) ? bits >> 16 | 0x40 : rounded;
}

KERNEL widen(int count, global const ushort *src, ulong src_at, OUT(dst))
{
  int i = get_global_id(0);
  FIND(dst);
  if (i < count) dst[i] = as_float((uint)src[2 * src_at + i] << 16);
}

/* Between a dense part of `row` elements an image and its place in images of `whole` elements. */
KERNEL concat_copy(int count, int row, int whole, int first, int into_whole, IN(src), OUT(dst))
{
  int i = get_global_id(0);
  FIND(src);
  FIND(dst);
  if (i >= count) return;
  ulong in_whole = (ulong)(i / row) * whole + first + i % row;
  if (into_whole)
    dst[in_whole] = src[i];
  else
    dst[i] = src[in_whole];
}

/* base/philox.c: word `word` of block c0. */
static uint philox(uint k0, uint k1, uint c0, uint c1, uint c2, uint c3, int word)
{
  for (int round = 0; round < 10; round++) {
    uint high0 = mul_hi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
    uint high1 = mul_hi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return word == 0 ? c0 : word == 1 ? c1 : word == 2 ? c2 : c3;
}

/* A number for each element of a sample, which has `row` of them, or for each sample. */
KERNEL dropout(int count, int row, int samples, uint k0, uint k1, uint c1, uint c2, uint c3, float p,
               float scale, IN(src), OUT(dst))
{
  int i = get_global_id(0);
  FIND(src);
  FIND(dst);
  if (i >= count) return;
  int element = samples ? 0 : i % row;
  uint bits = philox(k0, k1, element / 4, c1 + i / row, c2, c3, element % 4);
  dst[i] = src[i] * ((float)(bits >> 8) * 0x1p-24f < p ? 0 : scale);
}

/* Optimizers: the rule's numbers, or what its row says that a device takes; the parameters, the
 * rule's states, the gradients. */

/* torch.optim.SGD with dampening 0. */
KERNEL sgd(int count, float lr, float momentum, float weight_decay, float nesterov, OUT(parameters),
           OUT(velocities), IN(gradients))
{
  int i = get_global_id(0);
  FIND(parameters);
  FIND(velocities);
  FIND(gradients);
  if (i >= count) return;
  float gradient = gradients[i] + weight_decay * parameters[i];
  float velocity = momentum * velocities[i] + gradient;
  velocities[i] = velocity;
  parameters[i] -= lr * (nesterov != 0 ? gradient + momentum * velocity : velocity);
}

/* Adam and AdamW, by what src/optim/adam.h computes once a step. */
KERNEL adam(int count, float size, float scale, float decay, float keep, float eps, float beta1,
            float beta2, float rest1, float rest2, OUT(parameters), OUT(means), OUT(squares),
            IN(gradients))
{
  int i = get_global_id(0);
  FIND(parameters);
  FIND(means);
  FIND(squares);
  FIND(gradients);
  if (i >= count) return;
  float gradient = gradients[i] + decay * parameters[i];
  float mean = beta1 * means[i] + rest1 * gradient;
  float square = beta2 * squares[i] + rest2 * gradient * gradient;
  means[i] = mean;
  squares[i] = square;
  parameters[i] = keep * parameters[i] - size * mean / (sqrt(square) * scale + eps);
}

KERNEL lion(int count, float lr, float beta1, float beta2, float weight_decay, OUT(parameters),
            OUT(means), IN(gradients))
{
  int i = get_global_id(0);
  FIND(parameters);
  FIND(means);
  FIND(gradients);
  if (i >= count) return;
  float direction = beta1 * means[i] + (1 - beta1) * gradients[i];
  float one = direction > 0 ? 1 : direction < 0 ? -1 : direction; /* a NaN stays one */
  parameters[i] = (1 - lr * weight_decay) * parameters[i] - lr * one;
  means[i] = beta2 * means[i] + (1 - beta2) * gradients[i];
}

/* A batch norm folded into a convolution: weights of `row` elements a channel... */
KERNEL fold_weights(int count, int row, float eps, IN(src), IN(weights), IN(variance), OUT(dst))
{
  int i = get_global_id(0), c = i / row;
  FIND(src);
  FIND(weights);
  FIND(variance);
  FIND(dst);
  if (i < count) dst[i] = src[i] * (weights[c] / sqrt(variance[c] + eps));
}

/* ... and its bias, which may be missing. */
KERNEL fold_bias(int count, float eps, IN(src), IN(weights), IN(bias), IN(mean), IN(variance),
                 OUT(dst))
{
  int c = get_global_id(0);
  FIND(src);
  FIND(weights);
  FIND(bias);
  FIND(mean);
  FIND(variance);
  FIND(dst);
  if (c >= count) return;
  float scale = weights[c] / sqrt(variance[c] + eps);
  dst[c] = ((src ? src[c] : 0) - mean[c]) * scale + bias[c];
}
