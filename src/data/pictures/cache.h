/* Decoded pictures, shrunk so that their short side is no longer than asked for. */
#ifndef DLA_DATA_PICTURES_CACHE_H
#define DLA_DATA_PICTURES_CACHE_H

#include "data/pictures/list.h"

typedef struct dla_picture_cache dla_picture_cache;

/* RAM: filled as pictures are read, by whoever comes first. Disk: a file, mapped, that is made now
 * unless the one that is there fits; what it has of files that did not change is taken over. */
/* place: of the data set. The list must outlive the cache. *cache is NULL where the options want
 * none. */
dla_status dla_picture_cache_create(const dla_picture_list *list, const char *place,
                                    const dla_pictures_options *options, dla_picture_cache **cache,
                                    dla_error *err);
void dla_picture_cache_free(dla_picture_cache *cache);

/* False: it is not there, and has to be read otherwise. */
bool dla_picture_cache_find(const dla_picture_cache *cache, size_t entry, dla_pixels *pixels);
/* Decodes and keeps it; with a cache on disk it only decodes. */
dla_status dla_picture_cache_fill(dla_picture_cache *cache, size_t entry, dla_reader *reader,
                                  const uint8_t *bytes, size_t size, const char *name,
                                  dla_pixels *pixels, dla_error *err);
bool dla_picture_cache_fills(const dla_picture_cache *cache);

#endif
