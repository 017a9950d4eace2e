/* A dataset under construction, from its files one by one. */
#ifndef DLA_DATA_SPLIT_H
#define DLA_DATA_SPLIT_H

#include <stdbool.h>

#include "data/blob.h"
#include "dla/dataset.h"

typedef struct dla_split {
  dla_dataset *dataset; /* count stays 0 until dla_split_finish */
  size_t limit;         /* further images and labels are dropped */
  size_t images, labels;
  const char *file; /* usual name of one of its files, for the address in errors; NULL: unknown */
  int lowest;       /* lowest label of the files, if the format does not fix the labels */
} dla_split;

/* Sets the shape of a blob's images. All blobs of a split must agree. */
dla_status dla_split_set_shape(dla_split *split, const dla_blob *blob, int channels, int height,
                               int width, dla_error *err);

/* Adds `count` images from bytes. If the bytes lie in the blob and are the first images, the
 * split takes over the blob's memory, so that most formats need no second copy. */
dla_status dla_split_take_images(dla_split *split, dla_blob *blob, const uint8_t *bytes,
                                 size_t count, dla_error *err);

/* Makes room for up to *count further labels and returns their place. Lowers *count to the
 * limit. */
dla_status dla_split_add_labels(dla_split *split, size_t *count, int32_t **labels, dla_error *err);

bool dla_split_is_full(const dla_split *split);

/* Checks that there are images, and as many labels. where: the file or folder, for errors. */
dla_status dla_split_finish(dla_split *split, const char *where, dla_error *err);

#endif
