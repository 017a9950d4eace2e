/* Elementwise kernels: each thread takes one run of whole cache lines. */
#include <omp.h>
#include <string.h>

#include "base/work.h"
#include "kernels/kernels.h"
#include "kernels/leaf.h"

enum { RUN = 1 << 14 }; /* floats; 64 KiB, so that a run's arrays fit the second-level cache */

static size_t run_at(size_t i, size_t count)
{
  return count - i < RUN ? count - i : RUN;
}

static void begin_runs(dla_work *work, size_t count)
{
  dla_work_begin(work, (int64_t)((count + RUN - 1) / RUN), omp_get_max_threads());
}

void dla_add_kernel(const dla_leaf_kernels *leaf, const float *a, const float *b, float *dst,
                    size_t count)
{
  dla_work work;
  begin_runs(&work, count);
#pragma omp parallel
  for (int64_t run; dla_work_next(&work, &run);) {
    size_t i = (size_t)run * RUN;
    leaf->add(a + i, b + i, dst + i, run_at(i, count));
  }
}

void dla_relu_kernel(const dla_leaf_kernels *leaf, const float *src, float *dst, size_t count)
{
  dla_work work;
  begin_runs(&work, count);
#pragma omp parallel
  for (int64_t run; dla_work_next(&work, &run);) {
    size_t i = (size_t)run * RUN;
    leaf->relu(src + i, dst + i, run_at(i, count));
  }
}

void dla_relu_backward_kernel(const dla_leaf_kernels *leaf, const float *dst, const float *diff_dst,
                              float *diff_src, size_t count)
{
  dla_work work;
  begin_runs(&work, count);
#pragma omp parallel
  for (int64_t run; dla_work_next(&work, &run);) {
    size_t i = (size_t)run * RUN;
    leaf->relu_backward(dst + i, diff_dst + i, diff_src + i, run_at(i, count));
  }
}

/* All pairs are one loop: most parameters are less than a run. */
void dla_sgd_kernel(const dla_leaf_kernels *leaf, const dla_program *program)
{
  int64_t runs = 0;
  for (int k = 0; k < program->update.count; k++)
    runs += (int64_t)((dla_program_update_span(program, k).count + RUN - 1) / RUN);
  dla_work work;
  dla_work_begin(&work, runs, omp_get_max_threads());
#pragma omp parallel
  {
    int pair = -1;
    int64_t before = 0, here = 0; /* runs before the pair, and of it */
    dla_update_span span = {0};
    for (int64_t run; dla_work_next(&work, &run);) {
      if (run < before) pair = -1, before = here = 0; /* of another thread's share */
      for (; run >= before + here; here = (int64_t)((span.count + RUN - 1) / RUN)) {
        before += here;
        span = dla_program_update_span(program, ++pair);
      }
      size_t i = (size_t)(run - before) * RUN;
      leaf->sgd(span.parameters + i, span.momentum + i, span.gradients + i, run_at(i, span.count),
                &program->update.sgd);
    }
  }
}

/* Where pixel 0 of a channel is in a blocked image. */
static size_t channel_at(int64_t channel, const dla_blocked *b)
{
  return (size_t)(channel / b->block * b->pixels * b->block + channel % b->block);
}

static void copy_slice(const dla_blocked *part, const float *part_read, float *part_write,
                       const float *whole_read, float *whole_write, int64_t whole_channels,
                       int64_t channel)
{
  dla_blocked whole = *part;
  whole.channels = whole_channels;
  size_t whole_image = (size_t)(dla_blocked_padded(&whole) * part->pixels);
  size_t part_image = (size_t)(dla_blocked_padded(part) * part->pixels);
  dla_work work;
  dla_work_begin(&work, part->batch, omp_get_max_threads());
#pragma omp parallel
  for (int64_t n; dla_work_next(&work, &n);)
    for (int64_t c = 0; c < part->channels; c++) {
      size_t w = (size_t)n * whole_image + channel_at(channel + c, part);
      size_t p = (size_t)n * part_image + channel_at(c, part);
      for (int64_t i = 0; i < part->pixels;
           i++, w += (size_t)part->block, p += (size_t)part->block) {
        if (part_write)
          part_write[p] = whole_read[w];
        else
          whole_write[w] = part_read[p];
      }
    }
}

void dla_slice_read(const dla_blocked *shape, const float *whole, int64_t whole_channels,
                    int64_t channel, float *part)
{
  if (shape->channels % shape->block) /* padded channels stay zero */
    memset(part, 0,
           (size_t)(shape->batch * dla_blocked_padded(shape) * shape->pixels) * sizeof *part);
  copy_slice(shape, NULL, part, whole, NULL, whole_channels, channel);
}

/* Zeros the channels behind the last one, up to the end of its block. */
static void clear_padding(const dla_blocked *whole, float *images)
{
  size_t image = (size_t)(dla_blocked_padded(whole) * whole->pixels);
  for (int64_t n = 0; n < whole->batch; n++)
    for (int64_t c = whole->channels; c < dla_blocked_padded(whole); c++)
      for (int64_t i = 0; i < whole->pixels; i++)
        images[(size_t)n * image + channel_at(c, whole) + (size_t)(i * whole->block)] = 0;
}

void dla_slice_write(const dla_blocked *shape, const float *part, float *whole,
                     int64_t whole_channels, int64_t channel)
{
  copy_slice(shape, part, NULL, NULL, whole, whole_channels, channel);
  const dla_blocked all = {shape->batch, whole_channels, shape->pixels, shape->block};
  if (channel + shape->channels == whole_channels) clear_padding(&all, whole);
}
