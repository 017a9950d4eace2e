/* The file of a disk cache: a header, a table of the source files' names, sizes and times, and
 * the pixels.
 *
 * It is written under a temporary name and renamed when complete. All numbers are little-endian,
 * 8 bytes long:
 *    "DLAPICT2", side, count, bytes of the file
 *    count rows: hash of the name, size, modification time, offset of the pixels (0: none), width
 * and height (32 bits each; 0: no picture), format pixels: RGB, row by row; each picture's size
 * follows from its source's size and `side` */
#ifndef DLA_DATA_PICTURES_CACHE_FILE_H
#define DLA_DATA_PICTURES_CACHE_FILE_H

#include "data/pictures/list.h"

typedef struct dla_cache_file dla_cache_file;

/* Takes the sizes and formats of pictures from the file, if it is there, where their files are
 * unchanged since: the scan need not read these. */
dla_status dla_cache_file_recall(const char *path, dla_picture_list *list, int side,
                                 const dla_pictures_options *options, dla_error *err);

/* Opens the file if it matches the list, else creates it. */
dla_status dla_cache_file_open(const char *path, const dla_picture_list *list, int side,
                               const dla_pictures_options *options, dla_cache_file **file,
                               dla_error *err);
/* The entry's pixels; NULL: undecodable. */
const uint8_t *dla_cache_file_find(const dla_cache_file *file, size_t entry);
void dla_cache_file_close(dla_cache_file *file);

#endif
