/* Convolution with 3x3 kernels, stride 1 or 2 and padding 1 by Winograd's algorithm, on blocked
 * images (kernels.h), for training and inference. It works through the tiles in chunks that fit a
 * core's cache, so its scratchpad stays small.
 *
 * weights and diff_weights: [out / block][in / block][3][3][block of in][block of out] (oneDNN's
 * OIhw16i16o, OIhw8i8o), padded with zeros. Forward and backward_data do not depend on the number
 * of threads. backward_weights does: it adds sums of parts. */
#ifndef DLA_KERNELS_WINOGRAD_H
#define DLA_KERNELS_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"

typedef struct dla_winograd {
  const dla_leaf_kernels *leaf;
  int64_t batch, height, width; /* of src */
  int64_t in, out;              /* channels, without padding */
  int stride;
  dla_team *team;
} dla_winograd;

typedef enum dla_winograd_pass {
  DLA_WINOGRAD_FORWARD,
  DLA_WINOGRAD_BACKWARD_DATA,
  DLA_WINOGRAD_BACKWARD_WEIGHTS
} dla_winograd_pass;

/* Does it need fewer multiplications than a direct convolution? Not for tiny images. */
bool dla_winograd_saves(const dla_winograd *w);

/* Bytes. */
size_t dla_winograd_scratchpad(const dla_winograd *w, dla_winograd_pass pass);

/* dst (+)= src * weights + bias, then max(dst, 0) with relu. bias: padded, or NULL. */
void dla_winograd_forward(const dla_winograd *w, const void *src, const float *weights,
                          const float *bias, bool accumulate, bool relu, void *dst,
                          float *scratchpad);
void dla_winograd_backward_data(const dla_winograd *w, const void *diff_dst, const float *weights,
                                void *diff_src, float *scratchpad);
void dla_winograd_backward_weights(const dla_winograd *w, const void *src, const void *diff_dst,
                                   float *diff_weights, float *scratchpad);

#endif
