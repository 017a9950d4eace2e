#include <omp.h>

#include "base/work.h"
#include "kernels/kernels.h"
#include "kernels/leaf.h"

static int64_t src_size(const dla_window *w, int block)
{
  return w->height * w->width * block;
}

static int64_t dst_size(const dla_window *w, int block)
{
  return w->out_height * w->out_width * block;
}

void dla_avg_pool_kernel(const dla_leaf_kernels *leaf, const dla_window *w, int64_t planes,
                         const float *src, float *dst)
{
  int block = leaf->block;
  dla_work work;
  dla_work_begin(&work, planes, omp_get_max_threads());
#pragma omp parallel
  for (int64_t p; dla_work_next(&work, &p);)
    leaf->avg_pool(w, src + p * src_size(w, block), dst + p * dst_size(w, block));
}

void dla_avg_pool_backward_kernel(const dla_leaf_kernels *leaf, const dla_window *w, int64_t planes,
                                  const float *diff_dst, float *diff_src)
{
  int block = leaf->block;
  dla_work work;
  dla_work_begin(&work, planes, omp_get_max_threads());
#pragma omp parallel
  for (int64_t p; dla_work_next(&work, &p);)
    leaf->avg_pool_backward(w, diff_dst + p * dst_size(w, block),
                            diff_src + p * src_size(w, block));
}

void dla_max_pool_kernel(const dla_leaf_kernels *leaf, const dla_window *w, int64_t planes,
                         const float *src, float *dst, int32_t *where)
{
  int block = leaf->block;
  dla_work work;
  dla_work_begin(&work, planes, omp_get_max_threads());
#pragma omp parallel
  for (int64_t p; dla_work_next(&work, &p);)
    leaf->max_pool(w, src + p * src_size(w, block), dst + p * dst_size(w, block),
                   where ? where + p * dst_size(w, block) : NULL);
}

void dla_max_pool_backward_kernel(const dla_leaf_kernels *leaf, const dla_window *w, int64_t planes,
                                  const float *diff_dst, const int32_t *where, float *diff_src)
{
  int block = leaf->block;
  dla_work work;
  dla_work_begin(&work, planes, omp_get_max_threads());
#pragma omp parallel
  for (int64_t p; dla_work_next(&work, &p);)
    leaf->max_pool_backward(w, diff_dst + p * dst_size(w, block), where + p * dst_size(w, block),
                            diff_src + p * src_size(w, block));
}
