/* dropout, stochastic_depth: each element times its mask; backward, its gradient times the same
 * mask. */
#include "backend/reference/reference.h"

static void drop_sample(const dla_drop *drop, bool rows, const float *from, float *to,
                        int64_t count)
{
  dla_random random = drop->random;
  float number = 0;
  for (int64_t k = 0; k < count; k++) {
    if (!rows || k == 0) number = dla_random_float(&random);
    to[k] = from[k] * (number < drop->p ? 0 : drop->scale);
  }
}

void reference_dropout(const dla_program *program, const dla_instruction *i)
{
  const bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  const dla_value *from = forward ? src : dst, *to = forward ? dst : src;
  const int64_t count = dla_shape_count(&src->shape) / src->shape.dim[0];
  for (int64_t n = 0; n < src->shape.dim[0]; n++) {
    const dla_drop drop = dla_program_drop(program, i, n);
    drop_sample(&drop, i->op == DLA_OP_STOCHASTIC_DEPTH, (const float *)from->data + n * count,
                (float *)to->data + n * count, count);
  }
}
