#ifndef DLA_DATA_PICTURES_LOAD_H
#define DLA_DATA_PICTURES_LOAD_H

#include "data/pictures/list.h"

/* Reads a picture's file, which must still have the size of the scan. *bytes is in the room, or
 * elsewhere. name: its path, in the room. */
dla_status dla_picture_load(const dla_picture_list *list, const dla_picture_entry *entry,
                            dla_room *room, const uint8_t **bytes, const char **name,
                            dla_error *err);

#endif
