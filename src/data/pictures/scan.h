/* Checks every file of a list: is it a picture, of what size, and complete? */
#ifndef DLA_DATA_PICTURES_SCAN_H
#define DLA_DATA_PICTURES_SCAN_H

#include "data/pictures/list.h"

/* Sets the state, size and format of the listed entries. Reads headers and last bytes. If these
 * cannot tell whether a file is complete, decodes the picture. Uses all processors; the calling
 * thread calls options->progress. */
dla_status dla_picture_scan(dla_picture_list *list, const dla_pictures_options *options,
                            dla_error *err);

/* The names of the formats, by dla_picture_entry.format. */
const char *dla_picture_format_name(int format);
enum { DLA_PICTURE_FORMAT_COUNT = 5 };

#endif
