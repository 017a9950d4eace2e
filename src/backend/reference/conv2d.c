/* conv2d: dst[n][o][y][x] = bias[o] + the sum over i, u, v of
 *    weights[o][i][u][v] *
 *    src[n][first(o) + i][y stride + u dilation - padding][x stride + v dilation - padding]
 * src is zero outside its bounds. first(o) is the first channel of o's group. Both gradients are
 * the transposes of that sum. */
#include "backend/reference/reference.h"

/* Offsets of elements. */
static int64_t src_at(const backend_geometry *g, int64_t n, int64_t i, int64_t y, int64_t x)
{
  return ((n * g->in + i) * g->height + y) * g->width + x;
}

static int64_t dst_at(const backend_geometry *g, int64_t n, int64_t o, int64_t y, int64_t x)
{
  return ((n * g->out + o) * g->out_height + y) * g->out_width + x;
}

static int64_t weight_at(const backend_geometry *g, int64_t o, int64_t i, int64_t u, int64_t v)
{
  return ((o * (g->in / g->groups) + i) * g->kernel + u) * g->kernel + v;
}

/* The first in channel of an out channel's group. */
static int64_t first_in(const backend_geometry *g, int64_t o)
{
  return o / (g->out / g->groups) * (g->in / g->groups);
}

/* The input coordinate of output coordinate `out` at kernel coordinate `k`. */
static int64_t input_of(const backend_geometry *g, int64_t out, int64_t k)
{
  return out * g->stride + k * g->dilation - g->padding;
}

static double forward_at(const backend_geometry *g, const float *src, const float *weights,
                         int64_t n, int64_t o, int64_t y, int64_t x)
{
  double sum = 0;
  for (int64_t i = 0; i < g->in / g->groups; i++)
    for (int64_t u = 0; u < g->kernel; u++) {
      int64_t row = input_of(g, y, u);
      if (row < 0 || row >= g->height) continue;
      const float *w = &weights[weight_at(g, o, i, u, 0)];
      const float *s = &src[src_at(g, n, first_in(g, o) + i, row, 0)];
      for (int64_t v = 0; v < g->kernel; v++) {
        int64_t column = input_of(g, x, v);
        if (column >= 0 && column < g->width) sum += (double)w[v] * s[column];
      }
    }
  return sum;
}

static void forward(const backend_geometry *g, const float *src, const float *weights,
                    const float *bias, bool accumulate, bool relu, float *dst)
{
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t o = 0; o < g->out; o++)
      for (int64_t y = 0; y < g->out_height; y++)
        for (int64_t x = 0; x < g->out_width; x++) {
          float *at = &dst[dst_at(g, n, o, y, x)];
          double before = accumulate ? *at : 0;
          *at = (float)(before + (bias ? bias[o] : 0) + forward_at(g, src, weights, n, o, y, x));
          if (relu && *at < 0) *at = 0;
        }
}

/* The output coordinate of input coordinate `in` at kernel coordinate `k`; -1: none. */
static int64_t output_of(const backend_geometry *g, int64_t in, int64_t k, int64_t size)
{
  int64_t shifted = in + g->padding - k * g->dilation;
  if (shifted < 0 || shifted % g->stride != 0 || shifted / g->stride >= size) return -1;
  return shifted / g->stride;
}

static double backward_data_at(const backend_geometry *g, const float *weights,
                               const float *diff_dst, int64_t n, int64_t i, int64_t row,
                               int64_t column)
{
  double sum = 0;
  int64_t in = g->in / g->groups, out = g->out / g->groups, first = i / in * out;
  for (int64_t u = 0; u < g->kernel; u++)
    for (int64_t v = 0; v < g->kernel; v++) {
      int64_t y = output_of(g, row, u, g->out_height);
      int64_t x = output_of(g, column, v, g->out_width);
      if (y < 0 || x < 0) continue;
      const float *w = &weights[weight_at(g, first, i % in, u, v)];
      const float *d = &diff_dst[dst_at(g, n, first, y, x)];
      for (int64_t o = 0; o < out; o++)
        sum += (double)w[o * in * g->kernel * g->kernel] * d[o * g->out_height * g->out_width];
    }
  return sum;
}

static void backward_data(const backend_geometry *g, const float *weights, const float *diff_dst,
                          float *diff_src)
{
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t i = 0; i < g->in; i++)
      for (int64_t y = 0; y < g->height; y++)
        for (int64_t x = 0; x < g->width; x++)
          diff_src[src_at(g, n, i, y, x)] =
              (float)backward_data_at(g, weights, diff_dst, n, i, y, x);
}

static double backward_weights_at(const backend_geometry *g, const float *src,
                                  const float *diff_dst, int64_t o, int64_t i, int64_t u, int64_t v)
{
  double sum = 0;
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t y = 0; y < g->out_height; y++) {
      int64_t row = input_of(g, y, u);
      if (row < 0 || row >= g->height) continue;
      const float *d = &diff_dst[dst_at(g, n, o, y, 0)];
      const float *s = &src[src_at(g, n, first_in(g, o) + i, row, 0)];
      for (int64_t x = 0; x < g->out_width; x++) {
        int64_t column = input_of(g, x, v);
        if (column >= 0 && column < g->width) sum += (double)d[x] * s[column];
      }
    }
  return sum;
}

static void backward_weights(const backend_geometry *g, const float *src, const float *diff_dst,
                             float *diff_weights)
{
  for (int64_t o = 0; o < g->out; o++)
    for (int64_t i = 0; i < g->in / g->groups; i++)
      for (int64_t u = 0; u < g->kernel; u++)
        for (int64_t v = 0; v < g->kernel; v++)
          diff_weights[weight_at(g, o, i, u, v)] =
              (float)backward_weights_at(g, src, diff_dst, o, i, u, v);
}

static void backward_bias(const backend_geometry *g, const float *diff_dst, float *diff_bias)
{
  for (int64_t o = 0; o < g->out; o++) {
    double sum = 0;
    for (int64_t n = 0; n < g->batch; n++)
      for (int64_t pixel = 0; pixel < g->out_height * g->out_width; pixel++)
        sum += diff_dst[dst_at(g, n, o, 0, pixel)];
    diff_bias[o] = (float)sum;
  }
}

void reference_conv2d(const dla_program *program, const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  const float *weights = backend_data(program, i, DLA_ARG_WEIGHTS);
  float *diff_bias = backend_data(program, i, DLA_ARG_DIFF_BIAS);
  if (i->pass == DLA_PASS_FORWARD) {
    const float *bias = backend_data(program, i, DLA_ARG_BIAS);
    forward(&g, src->data, weights, bias, i->accumulate, i->relu, dst->data);
  } else if (i->pass == DLA_PASS_BACKWARD_DATA) {
    backward_data(&g, weights, dst->data, src->data);
  } else {
    backward_weights(&g, src->data, dst->data, backend_data(program, i, DLA_ARG_DIFF_WEIGHTS));
    if (diff_bias) backward_bias(&g, dst->data, diff_bias);
  }
}
