/* The contents of CIFAR's pickles, also when rewritten by other programs: a numpy array of
 * images, and labels in any kind of list. */
#ifndef DLA_DATA_FORMATS_NUMPY_H
#define DLA_DATA_FORMATS_NUMPY_H

#include "data/formats/pickle.h"

/* Images one after another: planes in the order R, G, B, with rows in each plane. */
typedef struct dla_pickled_images {
  size_t count;
  const uint8_t *bytes; /* the pickle's, or equal to owned */
  uint8_t *owned;       /* free() it; NULL: the pickle already has that order */
} dla_pickled_images;

/* Square images with three channels: N x 3 side^2, N x 3 x side x side or N x side x side x 3.
 * The numbers are bytes, or integers or floats from 0 to 255, in either of numpy's memory
 * orders. */
dla_status dla_pickled_images_read(const dla_blob *blob, const dla_pickle *pickle,
                                   const dla_pickle_value *value, size_t side,
                                   dla_pickled_images *images, dla_error *err);

/* Labels, each from 0 to classes - 1: a list, a tuple or an array, of Python's or numpy's
 * numbers. The caller frees the memory. */
dla_status dla_pickled_labels_read(const dla_blob *blob, const dla_pickle *pickle,
                                   const dla_pickle_value *value, int classes, int32_t **labels,
                                   size_t *count, dla_error *err);

#endif
