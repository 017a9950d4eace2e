/* A cache of decoded pictures, shrunk to the requested short side. */
#ifndef DLA_DATA_PICTURES_CACHE_H
#define DLA_DATA_PICTURES_CACHE_H

#include "data/pictures/list.h"

typedef struct dla_picture_cache dla_picture_cache;

/* Before the scan: takes what a disk cache knows of the listed files that are unchanged. place: of
 * the data set. */
dla_status dla_picture_cache_recall(dla_picture_list *list, const char *place,
                                    const dla_pictures_options *options, dla_error *err);

/* RAM: filled as pictures are first read. Disk: a mapped file. It is created now unless a
 * matching one exists; pixels of unchanged files are copied from the old one. */
/* place: of the data set. The list must outlive the cache. *cache is NULL if the options disable
 * it. */
dla_status dla_picture_cache_create(const dla_picture_list *list, const char *place,
                                    const dla_pictures_options *options, dla_picture_cache **cache,
                                    dla_error *err);
void dla_picture_cache_free(dla_picture_cache *cache);

/* False: not cached; read the file instead. */
bool dla_picture_cache_find(const dla_picture_cache *cache, size_t entry, dla_pixels *pixels);
/* Decodes a picture and caches it. A disk cache is complete, so this only decodes. */
dla_status dla_picture_cache_fill(dla_picture_cache *cache, size_t entry, dla_reader *reader,
                                  const uint8_t *bytes, size_t size, const char *name,
                                  dla_pixels *pixels, dla_error *err);
bool dla_picture_cache_fills(const dla_picture_cache *cache);

#endif
