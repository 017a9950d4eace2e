/* Pictures as caches store them: decoded and shrunk. */
#ifndef DLA_DATA_PICTURES_SHRINK_H
#define DLA_DATA_PICTURES_SHRINK_H

#include "data/pictures/list.h"

typedef struct dla_cache_size {
  int width, height;
} dla_cache_size;

/* The size of a picture after its short side is reduced to at most `side`. */
dla_cache_size dla_cache_size_of(const dla_picture_entry *entry, int side);
dla_status dla_cache_shrink(dla_reader *reader, const uint8_t *bytes, size_t size, const char *name,
                            dla_cache_size wanted, int64_t max_pixels, uint8_t *rgb,
                            dla_error *err);

#endif
