/* An array of bytes as numpy pickles it. */
#ifndef DLA_DATASET_NUMPY_H
#define DLA_DATASET_NUMPY_H

#include "dataset/pickle.h"

/* A matrix of unsigned bytes, row after row, inside the blob. */
typedef struct dla_numpy_bytes {
  size_t rows, columns;
  const uint8_t *bytes;
} dla_numpy_bytes;

dla_status dla_numpy_read(const dla_blob *blob, const dla_pickle *pickle,
                          const dla_pickle_value *value, dla_numpy_bytes *array, dla_error *err);

#endif
