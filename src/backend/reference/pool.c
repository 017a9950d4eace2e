/* avg_pool: the mean of a window; padding counts as zeros (count_include_pad=True). max_pool: the
 * largest of a window, the first of equals. Its offset in the source's plane is kept for the
 * backward pass. */
#include <math.h>
#include <string.h>

#include "backend/reference/reference.h"

typedef struct window {
  int64_t top, bottom, left, right; /* without padding; bottom and right are excluded */
} window;

static window window_of(const backend_geometry *g, int64_t y, int64_t x)
{
  int64_t top = y * g->stride - g->padding, left = x * g->stride - g->padding;
  int64_t bottom = top + g->kernel, right = left + g->kernel;
  return (window){
      .top = top < 0 ? 0 : top,
      .bottom = bottom > g->height ? g->height : bottom,
      .left = left < 0 ? 0 : left,
      .right = right > g->width ? g->width : right,
  };
}

static void avg_forward(const backend_geometry *g, const float *src, float *dst)
{
  for (int64_t y = 0; y < g->out_height; y++)
    for (int64_t x = 0; x < g->out_width; x++) {
      window w = window_of(g, y, x);
      double sum = 0;
      for (int64_t row = w.top; row < w.bottom; row++)
        for (int64_t column = w.left; column < w.right; column++)
          sum += src[row * g->width + column];
      dst[y * g->out_width + x] = (float)(sum / (double)(g->kernel * g->kernel));
    }
}

/* Windows may overlap, so gradients add up. */
static void avg_backward(const backend_geometry *g, const float *diff_dst, float *diff_src)
{
  memset(diff_src, 0, (size_t)(g->height * g->width) * sizeof *diff_src);
  for (int64_t y = 0; y < g->out_height; y++)
    for (int64_t x = 0; x < g->out_width; x++) {
      window w = window_of(g, y, x);
      float share = diff_dst[y * g->out_width + x] / (float)(g->kernel * g->kernel);
      for (int64_t row = w.top; row < w.bottom; row++)
        for (int64_t column = w.left; column < w.right; column++)
          diff_src[row * g->width + column] += share;
    }
}

/* Offset of the largest; a NaN counts as largest, as in PyTorch. */
static int64_t largest(const backend_geometry *g, const float *src, window w)
{
  int64_t best = w.top * g->width + w.left;
  for (int64_t row = w.top; row < w.bottom; row++)
    for (int64_t column = w.left; column < w.right; column++) {
      int64_t at = row * g->width + column;
      if (src[at] > src[best] || isnan(src[at])) best = at;
    }
  return best;
}

static void max_forward(const backend_geometry *g, const float *src, float *dst, int32_t *kept)
{
  for (int64_t y = 0; y < g->out_height; y++)
    for (int64_t x = 0; x < g->out_width; x++) {
      int64_t best = largest(g, src, window_of(g, y, x)), at = y * g->out_width + x;
      dst[at] = src[best];
      if (kept) kept[at] = (int32_t)best;
    }
}

static void max_backward(const backend_geometry *g, const float *diff_dst, const int32_t *kept,
                         float *diff_src)
{
  memset(diff_src, 0, (size_t)(g->height * g->width) * sizeof *diff_src);
  for (int64_t at = 0; at < g->out_height * g->out_width; at++)
    diff_src[kept[at]] += diff_dst[at];
}

void reference_avg_pool(const dla_program *program, const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  float *src = backend_src(program, i)->data, *dst = backend_dst(program, i)->data;
  for (int64_t plane = 0; plane < g.batch * g.in; plane++) {
    if (i->pass == DLA_PASS_FORWARD)
      avg_forward(&g, src, dst);
    else
      avg_backward(&g, dst, src);
    src += g.height * g.width;
    dst += g.out_height * g.out_width;
  }
}

void reference_max_pool(const dla_program *program, const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  float *src = backend_src(program, i)->data, *dst = backend_dst(program, i)->data;
  const dla_value *workspace = dla_program_arg(program, i, DLA_ARG_WORKSPACE);
  int32_t *kept = workspace ? workspace->data : NULL;
  int64_t dst_plane = g.out_height * g.out_width;
  for (int64_t plane = 0; plane < g.batch * g.in; plane++) {
    if (i->pass == DLA_PASS_FORWARD)
      max_forward(&g, src, dst, kept);
    else
      max_backward(&g, dst, kept, src);
    src += g.height * g.width;
    dst += dst_plane;
    if (kept) kept += dst_plane;
  }
}
