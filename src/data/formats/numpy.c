#include "data/formats/numpy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pickle/numpy.h"

/* ---- Images ---- */

enum { CHANNELS = 3, AXES = 4 };

/* The offset of image n, channel c, row y, column x in the array is n * step[0] + c * step[1] +
 * ... */
typedef struct layout {
  size_t step[AXES];
} layout;

/* The steps of the array's own axes. */
static void steps_of(const dla_numpy_array *array, size_t step[DLA_NUMPY_RANK_MAX])
{
  size_t next = 1;
  for (int i = 0; i < array->rank; i++) {
    int axis = array->fortran ? i : array->rank - 1 - i;
    step[axis] = next;
    next *= (size_t)array->dim[axis];
  }
}

/* False: not a shape of images. */
static bool find_layout(const dla_numpy_array *a, size_t side, layout *l)
{
  size_t step[DLA_NUMPY_RANK_MAX];
  const int64_t s = (int64_t)side;
  steps_of(a, step);
  if (a->rank == 2 && a->dim[1] == CHANNELS * s * s)
    *l = (layout){{step[0], step[1] * side * side, step[1] * side, step[1]}};
  else if (a->rank == 3 && a->dim[1] == CHANNELS && a->dim[2] == s * s)
    *l = (layout){{step[0], step[1], step[2] * side, step[2]}};
  else if (a->rank == AXES && a->dim[1] == CHANNELS && a->dim[2] == s && a->dim[3] == s)
    *l = (layout){{step[0], step[1], step[2], step[3]}};
  else if (a->rank == AXES && a->dim[1] == s && a->dim[2] == s && a->dim[3] == CHANNELS)
    *l = (layout){{step[0], step[3], step[1], step[2]}};
  else
    return false;
  return true;
}

static bool is_in_order(const dla_numpy_array *a, const layout *l, size_t side)
{
  size_t plane = side * side;
  return a->type.dtype == DLA_U8 && l->step[3] == 1 && l->step[2] == side && l->step[1] == plane &&
         (a->dim[0] == 1 || l->step[0] == CHANNELS * plane);
}

/* Copies bytes unchanged; other numbers only if all are from 0 to 255. */
static bool copy_pixels(const dla_numpy_array *a, const layout *l, size_t side, uint8_t *to)
{
  bool bytes = a->type.dtype == DLA_U8;
  for (size_t n = 0; n < (size_t)a->dim[0]; n++)
    for (size_t c = 0; c < CHANNELS; c++)
      for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++) {
          size_t at = n * l->step[0] + c * l->step[1] + y * l->step[2] + x * l->step[3];
          double value = bytes ? a->bytes[at] : dla_numpy_number(&a->type, a->bytes, at);
          if (!(value >= 0 && value <= 255) || value != (double)(uint8_t)value) return false;
          *to++ = (uint8_t)value;
        }
  return true;
}

static dla_status wrong_shape(const dla_blob *blob, const dla_pickle_value *value,
                              const dla_numpy_array *a, size_t side, dla_error *err)
{
  char shape[DLA_NUMPY_RANK_MAX * 24] = "";
  for (int i = 0; i < a->rank; i++)
    snprintf(shape + strlen(shape), sizeof shape - strlen(shape), "%s%lld", i ? " x " : "",
             (long long)a->dim[i]);
  return dla_blob_fail(
      blob, value->offset, err, "'data' is %s, not N x %zu, N x 3 x %zu x %zu or N x %zu x %zu x 3",
      a->rank ? shape : "one number", CHANNELS * side * side, side, side, side, side);
}

dla_status dla_pickled_images_read(const dla_blob *blob, const dla_pickle *pickle,
                                   const dla_pickle_value *value, size_t side,
                                   dla_pickled_images *images, dla_error *err)
{
  dla_numpy_array a;
  layout l;
  const char *fault = dla_numpy_read_array(pickle, value, &a);
  if (fault) return dla_blob_fail(blob, value->offset, err, "'data': %s", fault);
  if (!find_layout(&a, side, &l)) return wrong_shape(blob, value, &a, side, err);
  *images = (dla_pickled_images){.count = (size_t)a.dim[0], .bytes = a.bytes};
  if (is_in_order(&a, &l, side) || !images->count) return DLA_OK;
  images->bytes = images->owned = malloc(a.count);
  if (!images->owned) return dla_fail_memory(err, "the images");
  if (copy_pixels(&a, &l, side, images->owned)) return DLA_OK;
  free(images->owned);
  images->owned = NULL;
  return dla_blob_fail(blob, value->offset, err,
                       "'data' holds numbers that are no pixels: not whole, or not in 0..255");
}

/* ---- Labels ---- */

/* Returns -1, which is not a label, if the value is not a number. */
static double number_of(const dla_pickle *pickle, const dla_pickle_value *value)
{
  double number;
  if (value->kind == DLA_PICKLE_INT) return (double)value->integer;
  if (value->kind == DLA_PICKLE_FLOAT) return value->real;
  return dla_numpy_read_scalar(pickle, value, &number) ? number : -1;
}

/* Is it an array of N, or of N x 1? */
static bool is_row(const dla_numpy_array *a)
{
  size_t longest = 0;
  for (int i = 0; i < a->rank; i++)
    if ((size_t)a->dim[i] > longest) longest = (size_t)a->dim[i];
  return a->rank > 0 && longest == a->count;
}

dla_status dla_pickled_labels_read(const dla_blob *blob, const dla_pickle *pickle,
                                   const dla_pickle_value *value, int classes, int32_t **labels,
                                   size_t *count, dla_error *err)
{
  dla_numpy_array array;
  bool list = value->kind == DLA_PICKLE_LIST || value->kind == DLA_PICKLE_TUPLE;
  const dla_pickle_value *items = list ? dla_pickle_items(pickle, value, count) : NULL;
  if (!list) {
    if (dla_numpy_read_array(pickle, value, &array) || !is_row(&array))
      return dla_blob_fail(blob, value->offset, err, "the labels are no list of numbers");
    *count = array.count;
  }
  *labels = malloc((*count + 1) * sizeof **labels);
  if (!*labels) return dla_fail_memory(err, "the labels");
  for (size_t i = 0; i < *count; i++) {
    double number =
        items ? number_of(pickle, &items[i]) : dla_numpy_number(&array.type, array.bytes, i);
    if (number >= 0 && number < classes && number == (double)(int32_t)number) {
      (*labels)[i] = (int32_t)number;
      continue;
    }
    free(*labels);
    *labels = NULL;
    return dla_blob_fail(blob, items ? items[i].offset : value->offset, err,
                         "label %zu is not in 0..%d", i, classes - 1);
  }
  return DLA_OK;
}
