/* Lists the places of a picture data set, and finds out each picture's class and side. */
#ifndef DLA_DATA_PICTURES_PLACE_H
#define DLA_DATA_PICTURES_PLACE_H

#include "data/pictures/layout.h"

/* path: a folder, an archive, a table or a folder of shards; unused if options->train is set.
 * *other is set if an archive holds no pictures. */
dla_status dla_picture_places_list(dla_picture_list *list, dla_layout *layout, const char *path,
                                   const dla_pictures_options *options, bool *other,
                                   dla_error *err);

#endif
