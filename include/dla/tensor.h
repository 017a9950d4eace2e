/* Shapes. Numbers are IEEE 754 binary32 ("f32") everywhere; labels are int32. */
#ifndef DLA_TENSOR_H
#define DLA_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DLA_MAX_RANK 4

/* dim[0] varies slowest. A graph's tensors are {channels, height, width} or {features}, without
 * the batch. A program's values have the batch first (NCHW). A convolution's weights are {out
 * channels, in channels, height, width} (OIHW). */
typedef struct dla_shape {
  int rank;
  int64_t dim[DLA_MAX_RANK];
} dla_shape;

/* Room for dla_shape_text(). */
#define DLA_SHAPE_TEXT 96

#define DLA_SHAPE1(a)          ((dla_shape){1, {(a)}})
#define DLA_SHAPE2(a, b)       ((dla_shape){2, {(a), (b)}})
#define DLA_SHAPE3(a, b, c)    ((dla_shape){3, {(a), (b), (c)}})
#define DLA_SHAPE4(a, b, c, d) ((dla_shape){4, {(a), (b), (c), (d)}})

/* Number of elements; 1 for rank 0. */
int64_t dla_shape_count(const dla_shape *shape);
bool dla_shape_equal(const dla_shape *a, const dla_shape *b);
/* "64x32x32" into text, which is returned. */
const char *dla_shape_text(const dla_shape *shape, char text[DLA_SHAPE_TEXT]);
/* The shape with the batch as its first dimension. */
dla_shape dla_shape_batched(const dla_shape *shape, int64_t batch);

#endif
