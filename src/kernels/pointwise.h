/* Convolution with 1x1 kernels and no padding, on blocked images (kernels.h), for training and
 * inference: one product of matrices, pixels by channels.
 *
 * weights and diff_weights: [out / block][in / block][block of in][block of out] (oneDNN's
 * OIhw16i16o, OIhw8i8o), padded with zeros. Forward and backward_data do not depend on the number
 * of threads. backward_weights does: it adds sums of parts. */
#ifndef DLA_KERNELS_POINTWISE_H
#define DLA_KERNELS_POINTWISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

typedef struct dla_pointwise {
  const dla_leaf_kernels *leaf;
  dla_window window;      /* 1x1, without padding */
  int64_t batch, in, out; /* channels, without padding */
  dla_team *team;
} dla_pointwise;

/* Bytes: the first for forward and backward_data, the second for backward_weights. */
size_t dla_pointwise_scratchpad(const dla_pointwise *p);
size_t dla_pointwise_weights_scratchpad(const dla_pointwise *p);

/* dst (+)= src * weights + bias, then max(dst, 0) with relu. bias: padded, or NULL. */
void dla_pointwise_forward(const dla_pointwise *p, const void *src, const float *weights,
                           const float *bias, bool accumulate, bool relu, void *dst,
                           float *scratchpad);
void dla_pointwise_backward_data(const dla_pointwise *p, const void *diff_dst, const float *weights,
                                 void *diff_src, float *scratchpad);
void dla_pointwise_backward_weights(const dla_pointwise *p, const void *src, const void *diff_dst,
                                    float *diff_weights, float *scratchpad);

#endif
