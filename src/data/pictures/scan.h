/* Looks at every file of a list: is it a picture, of which size, is it whole? */
#ifndef DLA_DATA_PICTURES_SCAN_H
#define DLA_DATA_PICTURES_SCAN_H

#include "data/pictures/list.h"

/* Sets the state, size and format of the entries that are listed. Reads headers and
 * the files' last bytes; where these do not tell that it is whole, the picture is decoded. On all
 * processors; options->progress is called now and then by the calling thread. */
dla_status dla_picture_scan(dla_picture_list *list, const dla_pictures_options *options,
                            dla_error *err);

/* The formats' names by dla_picture_entry.format. */
const char *dla_picture_format_name(int format);
enum { DLA_PICTURE_FORMAT_COUNT = 3 };

#endif
