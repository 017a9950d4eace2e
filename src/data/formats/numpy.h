/* What CIFAR's pickles hold, however somebody has written them again: a numpy array of images, and
 * labels in any kind of list. */
#ifndef DLA_DATA_FORMATS_NUMPY_H
#define DLA_DATA_FORMATS_NUMPY_H

#include "data/formats/pickle.h"

/* Images one after the other, planes in the order R, G, B, rows in each plane. */
typedef struct dla_pickled_images {
  size_t count;
  const uint8_t *bytes; /* the pickle's, or owned */
  uint8_t *owned;       /* free() it; NULL: they are stored in that order already */
} dla_pickled_images;

/* Of a square's side and three channels: N x 3 side^2, N x 3 x side x side or N x side x side x 3,
 * of bytes, or of whole numbers or fractions from 0 to 255, in either of numpy's orders. */
dla_status dla_pickled_images_read(const dla_blob *blob, const dla_pickle *pickle,
                                   const dla_pickle_value *value, size_t side,
                                   dla_pickled_images *images, dla_error *err);

/* Labels, each from 0 to classes - 1, in memory that the caller frees: a list, a tuple or an array;
 * numbers of Python or of numpy. */
dla_status dla_pickled_labels_read(const dla_blob *blob, const dla_pickle *pickle,
                                   const dla_pickle_value *value, int classes, int32_t **labels,
                                   size_t *count, dla_error *err);

#endif
