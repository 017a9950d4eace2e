/* linear: dst[n][o] = bias[o] + the sum over i of weights[o][i] src[n][i], where src is flattened
 * in its plain order: channel, row, column. */
#include "backend/reference/reference.h"

typedef struct geometry {
  int64_t batch, in, out;
} geometry;

static void forward(const geometry *g, const float *src, const float *weights, const float *bias,
                    float *dst)
{
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t o = 0; o < g->out; o++) {
      double sum = bias ? bias[o] : 0;
      for (int64_t i = 0; i < g->in; i++)
        sum += (double)weights[o * g->in + i] * src[n * g->in + i];
      dst[n * g->out + o] = (float)sum;
    }
}

static void backward_data(const geometry *g, const float *weights, const float *diff_dst,
                          float *diff_src)
{
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t i = 0; i < g->in; i++) {
      double sum = 0;
      for (int64_t o = 0; o < g->out; o++)
        sum += (double)weights[o * g->in + i] * diff_dst[n * g->out + o];
      diff_src[n * g->in + i] = (float)sum;
    }
}

static void backward_weights(const geometry *g, const float *src, const float *diff_dst,
                             float *diff_weights, float *diff_bias)
{
  for (int64_t o = 0; o < g->out; o++) {
    for (int64_t i = 0; i < g->in; i++) {
      double sum = 0;
      for (int64_t n = 0; n < g->batch; n++)
        sum += (double)diff_dst[n * g->out + o] * src[n * g->in + i];
      diff_weights[o * g->in + i] = (float)sum;
    }
    double sum = 0;
    for (int64_t n = 0; n < g->batch; n++)
      sum += diff_dst[n * g->out + o];
    if (diff_bias) diff_bias[o] = (float)sum;
  }
}

void reference_linear(const dla_program *program, const dla_instruction *i)
{
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  geometry g = {.batch = src->shape.dim[0], .out = dst->shape.dim[1]};
  g.in = dla_shape_count(&src->shape) / g.batch;
  const float *weights = backend_data(program, i, DLA_ARG_WEIGHTS);
  if (i->pass == DLA_PASS_FORWARD)
    forward(&g, src->data, weights, backend_data(program, i, DLA_ARG_BIAS), dst->data);
  else if (i->pass == DLA_PASS_BACKWARD_DATA)
    backward_data(&g, weights, dst->data, src->data);
  else
    backward_weights(&g, src->data, dst->data, backend_data(program, i, DLA_ARG_DIFF_WEIGHTS),
                     backend_data(program, i, DLA_ARG_DIFF_BIAS));
}
