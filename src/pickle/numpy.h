/* numpy's arrays and scalars in a pickle: what numpy._core.multiarray and numpy._core.numeric would
 * make of the calls. */
#ifndef DLA_PICKLE_NUMPY_H
#define DLA_PICKLE_NUMPY_H

#include "dla/dtype.h"
#include "pickle/pickle.h"

enum { DLA_NUMPY_RANK_MAX = 8 };

typedef struct dla_numpy_type {
  dla_dtype dtype;
  bool big_endian;
} dla_numpy_type;

typedef struct dla_numpy_array {
  dla_numpy_type type;
  int rank;
  int64_t dim[DLA_NUMPY_RANK_MAX];
  bool fortran;         /* dim[0] varies fastest; else slowest */
  const uint8_t *bytes; /* the array's bytes: in the input, or owned by the pickle */
  size_t count;         /* elements */
} dla_numpy_array;

/* Returns NULL, or why the value is no array of plain numbers: "it is no numpy array". */
const char *dla_numpy_read_array(const dla_pickle *pickle, const dla_pickle_value *value,
                                 dla_numpy_array *array);
/* An element, by its place in memory. Large integers are rounded to a double. */
double dla_numpy_number(const dla_numpy_type *type, const uint8_t *bytes, size_t index);

/* Reads a numpy scalar, or an array with one element. */
bool dla_numpy_read_scalar(const dla_pickle *pickle, const dla_pickle_value *value, double *number);

#endif
