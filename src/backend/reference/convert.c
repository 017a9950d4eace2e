/* convert: dst = src, between F32 and BF16. */
#include "backend/reference/reference.h"
#include "base/bf16.h"

void reference_convert(const dla_program *program, const dla_instruction *i)
{
  const dla_value *src = dla_program_arg(program, i, DLA_ARG_SRC);
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  const float *wide = src->data;
  const uint16_t *half = src->data;
  for (int64_t k = 0; k < dla_shape_count(&dst->shape); k++)
    if (dst->dtype == DLA_BF16)
      ((uint16_t *)dst->data)[k] = dla_bf16_round(wide[k]);
    else
      ((float *)dst->data)[k] = dla_bf16_value(half[k]);
}
