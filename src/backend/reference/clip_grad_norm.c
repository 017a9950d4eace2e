/* clip_grad_norm: all gradients times min(1, max_norm / (norm + 1e-6)). norm is the Euclidean
 * norm of all of them together. */
#include <math.h>

#include "backend/reference/reference.h"

void reference_clip_grad_norm(const dla_program *program, const dla_instruction *i)
{
  const dla_update *update = &program->update;
  double sum = 0;
  for (int k = 0; k < update->count; k++) {
    const dla_update_span span = dla_program_update_span(program, k);
    for (size_t n = 0; n < span.count; n++)
      sum += (double)span.gradients[n] * (double)span.gradients[n];
  }
  const double norm = sqrt(sum), factor = i->attr[DLA_ATTR_MAX_NORM] / (norm + 1e-6);
  *backend_data(program, i, DLA_ARG_DST) = (float)norm;
  for (int k = 0; k < update->count; k++) {
    float *gradients = program->value[update->pair[k].gradient].data;
    const size_t count = dla_program_update_span(program, k).count;
    for (size_t n = 0; n < count && !(factor >= 1); n++)
      gradients[n] *= (float)factor;
  }
}
