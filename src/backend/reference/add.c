/* add: dst = src + src_1, for activations and for gradients. */
#include "backend/reference/reference.h"

void reference_add(const dla_program *program, const dla_instruction *i)
{
  const float *a = backend_data(program, i, DLA_ARG_SRC);
  const float *b = backend_data(program, i, DLA_ARG_SRC_1);
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  float *sum = dst->data;
  for (int64_t k = 0; k < dla_shape_count(&dst->shape); k++)
    sum[k] = a[k] + b[k];
}
