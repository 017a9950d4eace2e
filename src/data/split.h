/* A dataset being put together from its files, which come one after the other. */
#ifndef DLA_DATA_SPLIT_H
#define DLA_DATA_SPLIT_H

#include <stdbool.h>

#include "data/blob.h"
#include "dla/dataset.h"

typedef struct dla_split {
  dla_dataset *dataset; /* count stays 0 until dla_split_finish */
  size_t limit;         /* images and labels beyond it are dropped */
  size_t images, labels;
  int lowest; /* of all labels of the files, where the format does not say which there are */
} dla_split;

/* Says what the images of a blob look like; all blobs of a split must agree. */
dla_status dla_split_set_shape(dla_split *split, const dla_blob *blob, int channels, int height,
                               int width, dla_error *err);

/* Adds `count` images from bytes. Where they lie in the blob, and are the first ones, its memory
 * becomes the split's, so that most formats never copy to a second place. */
dla_status dla_split_take_images(dla_split *split, dla_blob *blob, const uint8_t *bytes,
                                 size_t count, dla_error *err);

/* Makes room for up to *count further labels and returns where they go; lowers *count to what the
 * limit leaves. */
dla_status dla_split_add_labels(dla_split *split, size_t *count, int32_t **labels, dla_error *err);

bool dla_split_is_full(const dla_split *split);

/* Checks that there are images, and as many labels. where: the file or folder, for the error. */
dla_status dla_split_finish(dla_split *split, const char *where, dla_error *err);

#endif
