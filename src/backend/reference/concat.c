/* concat: copies a source to its channels of dst or, backward, its channels of diff_dst to the
 * source's gradient. The channels are a view: they lie in another value's memory. */
#include <string.h>

#include "backend/reference/reference.h"

/* Channel 0 of image n of a view. */
static float *view_image(const dla_program *program, const dla_value *view, int64_t n)
{
  const dla_value *base = &program->value[view->view_of];
  float *data = base->data;
  return data + (n * base->shape.dim[1] + view->view_channel) * reference_pixels(&base->shape);
}

void reference_concat(const dla_program *program, const dla_instruction *i)
{
  bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *part = backend_src(program, i), *view = backend_dst(program, i);
  size_t count = (size_t)(part->shape.dim[1] * reference_pixels(&part->shape));
  float *dense = part->data;
  for (int64_t n = 0; n < part->shape.dim[0]; n++, dense += count) {
    float *in_view = view_image(program, view, n);
    memcpy(forward ? in_view : dense, forward ? dense : in_view, count * sizeof *dense);
  }
}
