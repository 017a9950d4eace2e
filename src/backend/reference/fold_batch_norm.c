/* fold_batch_norm: per channel, weights' = weights scale and bias' = (bias - mean) scale + shift.
 * scale = weight / sqrt(variance + eps); weight and shift are the batch norm's parameters. */
#include <math.h>

#include "backend/reference/reference.h"

void reference_fold_batch_norm(const dla_program *program, const dla_instruction *i)
{
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  const float *src = backend_data(program, i, DLA_ARG_SRC);
  int64_t channels = dst->shape.dim[0], row = dla_shape_count(&dst->shape) / channels;
  float *out = dst->data;
  for (int64_t c = 0; c < channels; c++) {
    double scale =
        backend_data(program, i, DLA_ARG_WEIGHTS)[c] /
        sqrt(backend_data(program, i, DLA_ARG_RUNNING_VARIANCE)[c] + i->attr[DLA_ATTR_EPS]);
    double mean = backend_data(program, i, DLA_ARG_RUNNING_MEAN)[c];
    double shift = backend_data(program, i, DLA_ARG_BIAS)[c];
    if (dst->shape.rank == 1) out[c] = (float)(((src ? src[c] : 0) - mean) * scale + shift);
    for (int64_t k = 0; dst->shape.rank > 1 && k < row; k++)
      out[c * row + k] = (float)(src[c * row + k] * scale);
  }
}
