/* Vectorised, threaded kernels for what moves memory rather than computes: shared by the CPU
 * backends.
 *
 * Images are of F32 or BF16, as the leaf's table is (leaf.h: element); everything else is F32.
 *
 * Images are in blocks of channels, [batch][ceil(channels / block)][pixels][block] (oneDNN's
 * nChw16c and nChw8c), padded channels zero; parameters per channel are padded likewise, with
 * zeros, so that padded channels stay zero. All arrays are aligned to 64 bytes. Results do not
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
  int block;                       /* the instruction set's: 8 or 16 */
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
  void *diff_src, *diff_residual;  /* or NULL */
  float *diff_weights, *diff_bias; /* both NULL: frozen, by a mean and variance that are given */
  float *scratchpad;               /* dla_batch_norm_scratchpad() floats */
  struct dla_dist *dist; /* whose batches are one to a batch norm in training; NULL: only this */
  dla_batch_share share; /* with dist */
} dla_batch_norm_args;

size_t dla_batch_norm_scratchpad(const dla_blocked *shape);
void dla_batch_norm_training(const dla_batch_norm_args *args);
/* dst again, from mean and variance as the training forward pass wrote them: the same bits. */
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

/* From F32 to BF16, rounded to nearest even, or back. */
void dla_narrow_kernel(dla_team *team, const dla_leaf_kernels *leaf, const float *src,
                       uint16_t *dst, size_t count);
void dla_widen_kernel(dla_team *team, const dla_leaf_kernels *leaf, const uint16_t *src, float *dst,
                      size_t count);

/* Scales the gradients of all pairs of the program's update, so that their norm is at most that;
 * returns the norm they had. */
float dla_clip_gradients(dla_team *team, const dla_leaf_kernels *leaf, const dla_program *program,
                         double max_norm);
/* dropout or stochastic_depth, whichever the instruction is: forwards from src to dst, backwards
 * from diff_dst to diff_src. */
void dla_dropout_kernel(dla_team *team, const dla_program *program, const dla_instruction *i,
                        const dla_blocked *shape, const float *from, float *to);

/* All pairs of the program's update, by its optimizer. */
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
  int64_t dilation; /* of a convolution; of a pool 1 */
} dla_window;

/* torch.nn.AvgPool2d and MaxPool2d of so many planes. where: the maxima's pixels, or NULL.
 * Windows of BF16 do not overlap. */
void dla_avg_pool_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                         int64_t planes, const void *src, void *dst);
void dla_avg_pool_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                                  int64_t planes, const void *diff_dst, void *diff_src);
void dla_max_pool_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                         int64_t planes, const void *src, void *dst, int32_t *where);
void dla_max_pool_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                                  int64_t planes, const void *diff_dst, const int32_t *where,
                                  void *diff_src);

/* logits [batch][classes]. What a sample should be is 1 - smoothing of its label and smoothing of
 * all classes alike. Where it has a partner, the label's part is lambda of it and the rest of the
 * partner's label. */
typedef struct dla_targets {
  const int32_t *labels, *partners; /* partners NULL: none, whatever lambda is */
  double lambda;
  int64_t batch, classes;
  double smoothing;
} dla_targets;
/* loss[0]: mean cross-entropy, loss[1]: samples whose largest logit is the label's. NaN logits give
 * a NaN loss. */
void dla_softmax_cross_entropy(const float *logits, const dla_targets *targets, float loss[2]);
/* The largest logit's place; the first of equals, as torch.argmax on the CPU. */
int64_t dla_largest(const float *logits, int64_t classes);
/* diff_logits = (softmax(logits) - target) / divisor */
void dla_softmax_cross_entropy_backward(const float *logits, const dla_targets *targets,
                                        double divisor, float *diff_logits);

/* The machine's FMA peak with all threads of the team, measured for about `seconds`: operations a
 * second.
 */
double dla_measure_peak(dla_team *team, const dla_leaf_kernels *leaf, double seconds);
/* The same of the products that Winograd's convolutions come down to, on matrices in the
 * first-level cache. */
double dla_measure_products(dla_team *team, const dla_leaf_kernels *leaf, double seconds);
/* Its memory bandwidth in bytes a second, for dst = a + b in arrays that no cache holds: two reads
 * and a write (McCalpin's STREAM counts likewise); 0 when there is no memory for it. */
double dla_measure_bandwidth(dla_team *team, const dla_leaf_kernels *leaf, double seconds);

#endif
