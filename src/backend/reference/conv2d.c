/* conv2d: dst[n][o][y][x] = bias[o] + the sum over i, u, v of
 *   weights[o][i][u][v] * src[n][i][y stride + u - padding][x stride + v - padding]
 * where what lies outside src is zero. Both gradients are the transposes of that sum. */
#include "backend/reference/reference.h"

typedef struct geometry {
  int64_t batch, in, height, width;   /* of src */
  int64_t out, out_height, out_width; /* of dst */
  int64_t kernel, stride, padding;
} geometry;

static geometry geometry_of(const dla_instruction *i, const dla_shape *src, const dla_shape *dst)
{
  return (geometry){
      .batch = src->dim[0],
      .in = src->dim[1],
      .height = src->dim[2],
      .width = src->dim[3],
      .out = dst->dim[1],
      .out_height = dst->dim[2],
      .out_width = dst->dim[3],
      .kernel = (int64_t)i->attr[DLA_ATTR_KERNEL],
      .stride = (int64_t)i->attr[DLA_ATTR_STRIDE],
      .padding = (int64_t)i->attr[DLA_ATTR_PADDING],
  };
}

/* Offsets of elements. */
static int64_t src_at(const geometry *g, int64_t n, int64_t i, int64_t y, int64_t x)
{
  return ((n * g->in + i) * g->height + y) * g->width + x;
}

static int64_t dst_at(const geometry *g, int64_t n, int64_t o, int64_t y, int64_t x)
{
  return ((n * g->out + o) * g->out_height + y) * g->out_width + x;
}

static int64_t weight_at(const geometry *g, int64_t o, int64_t i, int64_t u, int64_t v)
{
  return ((o * g->in + i) * g->kernel + u) * g->kernel + v;
}

static double forward_at(const geometry *g, const float *src, const float *weights, int64_t n,
                         int64_t o, int64_t y, int64_t x)
{
  double sum = 0;
  for (int64_t i = 0; i < g->in; i++)
    for (int64_t u = 0; u < g->kernel; u++)
      for (int64_t v = 0; v < g->kernel; v++) {
        int64_t row = y * g->stride + u - g->padding, column = x * g->stride + v - g->padding;
        if (row < 0 || row >= g->height || column < 0 || column >= g->width) continue;
        sum += (double)weights[weight_at(g, o, i, u, v)] * src[src_at(g, n, i, row, column)];
      }
  return sum;
}

static void forward(const geometry *g, const float *src, const float *weights, const float *bias,
                    bool accumulate, bool relu, float *dst)
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

/* Which output coordinate meets the input coordinate `in` at kernel coordinate `k`; -1: none. */
static int64_t output_of(const geometry *g, int64_t in, int64_t k, int64_t size)
{
  int64_t shifted = in + g->padding - k;
  if (shifted < 0 || shifted % g->stride != 0 || shifted / g->stride >= size) return -1;
  return shifted / g->stride;
}

static double backward_data_at(const geometry *g, const float *weights, const float *diff_dst,
                               int64_t n, int64_t i, int64_t row, int64_t column)
{
  double sum = 0;
  for (int64_t u = 0; u < g->kernel; u++)
    for (int64_t v = 0; v < g->kernel; v++) {
      int64_t y = output_of(g, row, u, g->out_height);
      int64_t x = output_of(g, column, v, g->out_width);
      if (y < 0 || x < 0) continue;
      for (int64_t o = 0; o < g->out; o++)
        sum += (double)weights[weight_at(g, o, i, u, v)] * diff_dst[dst_at(g, n, o, y, x)];
    }
  return sum;
}

static void backward_data(const geometry *g, const float *weights, const float *diff_dst,
                          float *diff_src)
{
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t i = 0; i < g->in; i++)
      for (int64_t y = 0; y < g->height; y++)
        for (int64_t x = 0; x < g->width; x++)
          diff_src[src_at(g, n, i, y, x)] =
              (float)backward_data_at(g, weights, diff_dst, n, i, y, x);
}

static double backward_weights_at(const geometry *g, const float *src, const float *diff_dst,
                                  int64_t o, int64_t i, int64_t u, int64_t v)
{
  double sum = 0;
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t y = 0; y < g->out_height; y++)
      for (int64_t x = 0; x < g->out_width; x++) {
        int64_t row = y * g->stride + u - g->padding, column = x * g->stride + v - g->padding;
        if (row < 0 || row >= g->height || column < 0 || column >= g->width) continue;
        sum += (double)diff_dst[dst_at(g, n, o, y, x)] * src[src_at(g, n, i, row, column)];
      }
  return sum;
}

static void backward_weights(const geometry *g, const float *src, const float *diff_dst,
                             float *diff_weights)
{
  for (int64_t o = 0; o < g->out; o++)
    for (int64_t i = 0; i < g->in; i++)
      for (int64_t u = 0; u < g->kernel; u++)
        for (int64_t v = 0; v < g->kernel; v++)
          diff_weights[weight_at(g, o, i, u, v)] =
              (float)backward_weights_at(g, src, diff_dst, o, i, u, v);
}

static void backward_bias(const geometry *g, const float *diff_dst, float *diff_bias)
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
  bool to_src = i->pass == DLA_PASS_BACKWARD_DATA, is_forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *src = dla_program_arg(program, i, to_src ? DLA_ARG_DIFF_SRC : DLA_ARG_SRC);
  const dla_value *dst = dla_program_arg(program, i, is_forward ? DLA_ARG_DST : DLA_ARG_DIFF_DST);
  geometry g = geometry_of(i, &src->shape, &dst->shape);
  const float *weights = reference_data(program, i, DLA_ARG_WEIGHTS);
  float *diff_bias = reference_data(program, i, DLA_ARG_DIFF_BIAS);
  if (is_forward) {
    const float *bias = reference_data(program, i, DLA_ARG_BIAS);
    forward(&g, src->data, weights, bias, i->accumulate, i->relu, dst->data);
  } else if (to_src) {
    backward_data(&g, weights, dst->data, src->data);
  } else {
    backward_weights(&g, src->data, dst->data, reference_data(program, i, DLA_ARG_DIFF_WEIGHTS));
    if (diff_bias) backward_bias(&g, dst->data, diff_bias);
  }
}
