#include "dla/tensor.h"

#include <inttypes.h>
#include <stdio.h>

int64_t dla_shape_count(const dla_shape *shape)
{
  int64_t count = 1;
  for (int i = 0; i < shape->rank; i++)
    count *= shape->dim[i];
  return count;
}

bool dla_shape_equal(const dla_shape *a, const dla_shape *b)
{
  if (a->rank != b->rank) return false;
  for (int i = 0; i < a->rank; i++)
    if (a->dim[i] != b->dim[i]) return false;
  return true;
}

const char *dla_shape_text(const dla_shape *shape, char text[DLA_SHAPE_TEXT])
{
  size_t used = 0;
  text[0] = '\0';
  for (int i = 0; i < shape->rank; i++)
    used += (size_t)snprintf(text + used, DLA_SHAPE_TEXT - used, "%s%" PRId64, i ? "x" : "",
                             shape->dim[i]);
  return text;
}

dla_shape dla_shape_batched(const dla_shape *shape, int64_t batch)
{
  dla_shape batched = {shape->rank + 1, {batch}};
  for (int i = 0; i < shape->rank; i++)
    batched.dim[i + 1] = shape->dim[i];
  return batched;
}
