/* Pictures without classes, for prediction: files, folders and archives. */
#ifndef DLA_DATA_PICTURES_LOOSE_H
#define DLA_DATA_PICTURES_LOOSE_H

#include "data/pictures/set.h"

/* Called for each path that neither is nor contains a picture. */
typedef void dla_picture_refusal(void *context, const dla_error *why);

/* All pictures at the paths, sorted by folders and names. *set has one class without a name, and
 * everything on the test side. Close it. */
dla_status dla_picture_set_loose(char *const *paths, size_t count,
                                 const dla_pictures_options *options, dla_picture_refusal *refuse,
                                 void *context, dla_picture_set **set, dla_error *err);

#endif
