#ifndef DLA_DATA_PICTURES_PACK_H
#define DLA_DATA_PICTURES_PACK_H

#include "data/pictures/set.h"

/* Writes the good pictures into one tar: CLASS/..., or train/CLASS/... and val/CLASS/... if the
 * set has a split; without CLASS/ if the files' names have the classes. Training on the tar gives
 * the same samples as training on the set. */
dla_status dla_picture_pack(const dla_picture_set *set, const char *path,
                            const dla_pictures_options *options, size_t *count, uint64_t *bytes,
                            dla_error *err);

#endif
