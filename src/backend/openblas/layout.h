/* Copies between plain and blocked arrays. The padding of blocked arrays is zero. */
#ifndef DLA_OPENBLAS_LAYOUT_H
#define DLA_OPENBLAS_LAYOUT_H

#include "base/team.h"
#include "dla/tensor.h"

/* Images: NCHW, and [N][ceil(C / block)][H W][block]. */
void openblas_image_write(dla_team *team, const dla_shape *shape, int block, const float *plain,
                          float *blocked);
void openblas_image_read(dla_team *team, const dla_shape *shape, int block, const float *blocked,
                         float *plain);

/* Weights: OIHW, and [ceil(O / block)][ceil(I / block)][H W][block of I][block of O]. */
size_t openblas_weights_bytes(const dla_shape *shape, int block);
void openblas_weights_write(const dla_shape *shape, int block, const float *plain, float *blocked);
void openblas_weights_read(const dla_shape *shape, int block, const float *blocked, float *plain);

static inline int64_t openblas_pad(int64_t channels, int block)
{
  return (channels + block - 1) / block * block;
}

#endif
