/* Pictures without classes: files, folders and archives, to say what is on them. */
#ifndef DLA_DATA_PICTURES_LOOSE_H
#define DLA_DATA_PICTURES_LOOSE_H

#include "data/pictures/set.h"

/* Told of each path that is no picture, and holds none. */
typedef void dla_picture_refusal(void *context, const dla_error *why);

/* All pictures at the paths, by folders and names; *set has one class without a name, and all of
 * them on the side to test with. Close it. */
dla_status dla_picture_set_loose(char *const *paths, size_t count,
                                 const dla_pictures_options *options, dla_picture_refusal *refuse,
                                 void *context, dla_picture_set **set, dla_error *err);

#endif
