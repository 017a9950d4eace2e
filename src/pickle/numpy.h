/* numpy's arrays and scalars in a pickle: what numpy._core.multiarray and numpy._core.numeric would
 * make of them. */
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
  bool fortran;         /* dim[0] varies fastest, instead of slowest */
  const uint8_t *bytes; /* all of them: in the input, or the pickle's */
  size_t count;         /* elements */
} dla_numpy_array;

/* NULL, or what keeps the value from being an array of plain numbers: "it is no numpy array". */
const char *dla_numpy_read_array(const dla_pickle *pickle, const dla_pickle_value *value,
                                 dla_numpy_array *array);
/* An element, by its place in memory; of integers what a double holds of them. */
double dla_numpy_number(const dla_numpy_type *type, const uint8_t *bytes, size_t index);

/* A numpy scalar, or an array with one element. */
bool dla_numpy_read_scalar(const dla_pickle *pickle, const dla_pickle_value *value, double *number);

#endif
