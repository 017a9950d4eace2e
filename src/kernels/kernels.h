/* Vectorised, threaded kernels for ops that are bound by memory, shared by the CPU backends.
 *
 * Images are F32 or BF16, whichever the leaf's table is for (leaf.h: element); everything else is
 * F32.
 *
 * Images lie in blocks of channels, [batch][ceil(channels / block)][pixels][block] (oneDNN's
 * nChw16c and nChw8c). Padded channels are zero. Per-channel parameters are padded with zeros,
 * too, so that padded channels stay zero. All arrays are aligned to 64 bytes. Results do not
 * depend on the number of threads. */
#ifndef DLA_KERNELS_H
#define DLA_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/team.h"
#include "dla/program.h"

typedef struct dla_blocked {
  int64_t batch, channels, pixels; /* channels without padding */
  int block;                       /* of the instruction set: 8 or 16 */
} dla_blocked;

/* The innermost loops for one instruction set: leaf.h. */
typedef struct dla_leaf_kernels dla_leaf_kernels;

static inline int64_t dla_blocked_padded(const dla_blocked *b)
{
  return (b->channels + b->block - 1) / b->block * b->block;
}

/* batch_norm [+ residual] [+ relu]; see src/graph/ops/batch_norm.c. residual may be NULL. */
typedef struct dla_batch_norm_args {
  dla_team *team;
  const dla_leaf_kernels *leaf;
  dla_blocked shape;
  float eps, momentum;
  bool relu;
  const void *src, *residual;
  const float *weights, *bias;
  float *running_mean, *running_variance;
  float *mean, *variance;  /* written by the training forward pass, read by the backward pass */
  void *dst;               /* backward: read for ReLU's mask when there was a residual, else NULL */
  const void *diff_dst[3]; /* the second and third may be NULL */
  void *diff_src, *diff_residual;  /* may be NULL */
  float *diff_weights, *diff_bias; /* both NULL: frozen, with mean and variance given */
  float *scratchpad;               /* dla_batch_norm_scratchpad() floats */
  struct dla_dist *dist; /* ranks that share the statistics in training; NULL: this process alone */
  dla_batch_share share; /* only used with dist */
} dla_batch_norm_args;

size_t dla_batch_norm_scratchpad(const dla_blocked *shape);
void dla_batch_norm_training(const dla_batch_norm_args *args);
/* Computes dst again from the mean and variance of the training forward pass: the same bits. */
void dla_batch_norm_recompute(const dla_batch_norm_args *args);
void dla_batch_norm_inference(const dla_batch_norm_args *args);
void dla_batch_norm_backward(const dla_batch_norm_args *args);

void dla_add_kernel(dla_team *team, const dla_leaf_kernels *leaf, const void *a, const void *b,
                    void *dst, size_t count);
/* dst may be src. */
void dla_relu_kernel(dla_team *team, const dla_leaf_kernels *leaf, const void *src, void *dst,
                     size_t count);
void dla_relu_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const void *dst,
                              const void *diff_dst, void *diff_src, size_t count);

/* F32 to BF16, rounded to nearest even, or back. */
void dla_narrow_kernel(dla_team *team, const dla_leaf_kernels *leaf, const float *src,
                       uint16_t *dst, size_t count);
void dla_widen_kernel(dla_team *team, const dla_leaf_kernels *leaf, const uint16_t *src, float *dst,
                      size_t count);

/* Scales the gradients of all pairs of the program's update so that their norm is at most
 * max_norm. Returns the norm before that. */
float dla_clip_gradients(dla_team *team, const dla_leaf_kernels *leaf, const dla_program *program,
                         double max_norm);
/* dropout or stochastic_depth, by the instruction's op. Forward: from src to dst. Backward: from
 * diff_dst to diff_src. */
void dla_dropout_kernel(dla_team *team, const dla_program *program, const dla_instruction *i,
                        const dla_blocked *shape, const float *from, float *to);

/* Updates all pairs of the program by its optimizer. */
void dla_update_parameters(dla_team *team, dla_isa isa, const dla_program *program);

/* Copies the channels [channel, channel + shape.channels) of `whole`, an image of whole_channels,
 * to the dense `part` (shape), or back. */
void dla_slice_read(dla_team *team, const dla_blocked *shape, const float *whole,
                    int64_t whole_channels, int64_t channel, float *part);
void dla_slice_write(dla_team *team, const dla_blocked *shape, const float *part, float *whole,
                     int64_t whole_channels, int64_t channel);

/* The windows of a pool or a convolution on one plane; see windows.h. */
typedef struct dla_window {
  int64_t height, width;         /* of src */
  int64_t out_height, out_width; /* of dst */
  int64_t kernel_height, kernel_width, stride, padding;
  int64_t dilation; /* of a convolution; 1 for a pool */
} dla_window;

/* torch.nn.AvgPool2d and MaxPool2d of so many planes. where: the maxima's pixels, or NULL.
 * Windows on BF16 must not overlap. */
void dla_avg_pool_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                         int64_t planes, const void *src, void *dst);
void dla_avg_pool_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                                  int64_t planes, const void *diff_dst, void *diff_src);
void dla_max_pool_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                         int64_t planes, const void *src, void *dst, int32_t *where);
void dla_max_pool_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                                  int64_t planes, const void *diff_dst, const int32_t *where,
                                  void *diff_src);

/* logits [batch][classes]. The target is 1 - smoothing of the sample's label plus smoothing
 * shared equally by all classes. If the sample has a partner, the label's part is lambda of its
 * own label and 1 - lambda of the partner's. */
typedef struct dla_targets {
  const int32_t *labels, *partners; /* partners NULL: none, whatever lambda is */
  double lambda;
  int64_t batch, classes;
  double smoothing;
} dla_targets;
/* loss[0]: mean cross-entropy. loss[1]: samples whose largest logit is their label's. NaN logits
 * give a NaN loss. */
void dla_softmax_cross_entropy(const float *logits, const dla_targets *targets, float loss[2]);
/* The index of the largest logit; the first of equals, as torch.argmax on the CPU. */
int64_t dla_largest(const float *logits, int64_t classes);
/* diff_logits = (softmax(logits) - target) / divisor */
void dla_softmax_cross_entropy_backward(const float *logits, const dla_targets *targets,
                                        double divisor, float *diff_logits);

/* The machine's FMA peak with all threads of the team, measured for about `seconds`: operations
 * per second. */
double dla_measure_peak(dla_team *team, const dla_leaf_kernels *leaf, double seconds);
/* The same for the products inside Winograd's convolutions, on matrices in the first-level
 * cache. */
double dla_measure_products(dla_team *team, const dla_leaf_kernels *leaf, double seconds);
/* Memory bandwidth in bytes per second, for dst = a + b in arrays larger than any cache: two
 * reads and a write (counted as in McCalpin's STREAM). 0 if there is no memory for the arrays. */
double dla_measure_bandwidth(dla_team *team, const dla_leaf_kernels *leaf, double seconds);

#endif
