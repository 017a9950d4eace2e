/* relu: dst = max(src, 0). NaN stays NaN, as in torch.nn.ReLU. */
#include "backend/reference/reference.h"

void reference_relu(const dla_program *program, const dla_instruction *i)
{
  const float *src = backend_data(program, i, DLA_ARG_SRC);
  const float *diff_dst = backend_data(program, i, DLA_ARG_DIFF_DST);
  float *dst = backend_data(program, i, DLA_ARG_DST);
  float *diff_src = backend_data(program, i, DLA_ARG_DIFF_SRC);
  int64_t count = dla_shape_count(&backend_dst(program, i)->shape);
  for (int64_t k = 0; k < count; k++) {
    if (i->pass == DLA_PASS_FORWARD)
      dst[k] = src[k] < 0 ? 0 : src[k];
    else
      diff_src[k] = dst[k] <= 0 ? 0 : diff_dst[k];
  }
}
