#include <math.h>
#include <string.h>

#include "backend/blocked/blocked.h"

static double scale_of(const dla_program *program, const dla_instruction *i, int64_t channel)
{
  return backend_data(program, i, DLA_ARG_WEIGHTS)[channel] /
         sqrt(backend_data(program, i, DLA_ARG_RUNNING_VARIANCE)[channel] + i->attr[DLA_ATTR_EPS]);
}

float blocked_fold_scale(const dla_program *program, const dla_instruction *i, int64_t channel)
{
  return (float)scale_of(program, i, channel);
}

bool blocked_folds_bias(const dla_program *program, const dla_instruction *i)
{
  return dla_program_arg(program, i, DLA_ARG_DST)->shape.rank == 1;
}

void blocked_fold_bias(const dla_program *program, const dla_instruction *i)
{
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  const float *bias = backend_data(program, i, DLA_ARG_SRC);
  float *out = dst->data;
  memset(out, 0, dst->bytes); /* padded channels */
  for (int64_t c = 0; c < dst->shape.dim[0]; c++)
    out[c] =
        (float)(((bias ? bias[c] : 0) - (double)backend_data(program, i, DLA_ARG_RUNNING_MEAN)[c]) *
                    scale_of(program, i, c) +
                backend_data(program, i, DLA_ARG_BIAS)[c]);
}

void blocked_fold_plain(const dla_program *program, const dla_instruction *i)
{
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  const float *src = backend_data(program, i, DLA_ARG_SRC);
  float *out = dst->data;
  int64_t row = dla_shape_count(&dst->shape) / dst->shape.dim[0];
  for (int64_t c = 0; c < dst->shape.dim[0]; c++) {
    float scale = blocked_fold_scale(program, i, c);
    for (int64_t k = 0; k < row; k++)
      out[c * row + k] = src[c * row + k] * scale;
  }
}
