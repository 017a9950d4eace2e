/* The reference backend: every op as in its definition, one file per op. The op tests compare
 * with it, so it prefers clarity to speed: plain NCHW and OIHW arrays, sums in double. */
#ifndef DLA_REFERENCE_H
#define DLA_REFERENCE_H

#include "backend/instruction.h"

/* Executes one instruction of any pass. */
typedef void reference_op(const dla_program *program, const dla_instruction *instruction);

reference_op reference_conv2d, reference_batch_norm, reference_relu, reference_add,
    reference_concat, reference_avg_pool, reference_max_pool, reference_linear, reference_dropout,
    reference_softmax_cross_entropy, reference_clip_grad_norm, reference_update, reference_convert,
    reference_fold_batch_norm;

/* Pixels of one channel of an image {N, C, H, W}. */
static inline int64_t reference_pixels(const dla_shape *shape)
{
  return shape->dim[2] * shape->dim[3];
}

#endif
