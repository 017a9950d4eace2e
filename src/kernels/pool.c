#include "kernels/kernels.h"
#include "kernels/leaf.h"

static const dla_plane_kernels *kernels_of(int block)
{
  return block == 8 ? &dla_leaf()->block8 : &dla_leaf()->block16;
}

static int64_t src_size(const dla_window *w, int block)
{
  return w->height * w->width * block;
}

static int64_t dst_size(const dla_window *w, int block)
{
  return w->out_height * w->out_width * block;
}

void dla_avg_pool_kernel(const dla_window *w, int64_t planes, int block, const float *src,
                         float *dst)
{
  const dla_plane_kernels *kernel = kernels_of(block);
#pragma omp parallel for schedule(static)
  for (int64_t p = 0; p < planes; p++)
    kernel->avg_pool(w, src + p * src_size(w, block), dst + p * dst_size(w, block));
}

void dla_avg_pool_backward_kernel(const dla_window *w, int64_t planes, int block,
                                  const float *diff_dst, float *diff_src)
{
  const dla_plane_kernels *kernel = kernels_of(block);
#pragma omp parallel for schedule(static)
  for (int64_t p = 0; p < planes; p++)
    kernel->avg_pool_backward(w, diff_dst + p * dst_size(w, block),
                              diff_src + p * src_size(w, block));
}

void dla_max_pool_kernel(const dla_window *w, int64_t planes, int block, const float *src,
                         float *dst, int32_t *where)
{
  const dla_plane_kernels *kernel = kernels_of(block);
#pragma omp parallel for schedule(static)
  for (int64_t p = 0; p < planes; p++)
    kernel->max_pool(w, src + p * src_size(w, block), dst + p * dst_size(w, block),
                     where ? where + p * dst_size(w, block) : NULL);
}

void dla_max_pool_backward_kernel(const dla_window *w, int64_t planes, int block,
                                  const float *diff_dst, const int32_t *where, float *diff_src)
{
  const dla_plane_kernels *kernel = kernels_of(block);
#pragma omp parallel for schedule(static)
  for (int64_t p = 0; p < planes; p++)
    kernel->max_pool_backward(w, diff_dst + p * dst_size(w, block), where + p * dst_size(w, block),
                              diff_src + p * src_size(w, block));
}
