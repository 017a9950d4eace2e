/* The file of a cache on disk: a header, a table of the sources' names, sizes and times, and
 * pixels.
 *
 * It is made under a temporary name and renamed when it is whole. All numbers are little-endian,
 * 8 bytes long:
 *   "DLAPICT1", side, count, bytes of the file
 *   count rows: hash of the name, size, time changed, where its pixels are (0: none)
 *   pixels: RGB, row by row, each picture's as large as its source's size and `side` say
 */
#ifndef DLA_DATA_PICTURES_CACHE_FILE_H
#define DLA_DATA_PICTURES_CACHE_FILE_H

#include "data/pictures/list.h"

typedef struct dla_cache_file dla_cache_file;

/* Opens the file where it fits the list, else makes it. */
dla_status dla_cache_file_open(const char *path, const dla_picture_list *list, int side,
                               const dla_pictures_options *options, dla_cache_file **file,
                               dla_error *err);
/* The entry's pixels; NULL: it could not be decoded. */
const uint8_t *dla_cache_file_find(const dla_cache_file *file, size_t entry);
void dla_cache_file_close(dla_cache_file *file);

#endif
