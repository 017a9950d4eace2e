/* A table of labels inside an archive, beside the pictures that it names. */
#ifndef DLA_DATA_PICTURES_TABLE_INSIDE_H
#define DLA_DATA_PICTURES_TABLE_INSIDE_H

#include "data/pictures/listing.h"

/* Whether one of the entries from index `from` on may be such a table, by its name. */
bool dla_picture_has_table(const dla_picture_list *list, size_t from);

/* Looks for one among the entries from index `from` on. If there is one, gives the entries that it
 * names their classes and sides, takes the sides of the others away, and sets *found. The likeliest
 * by its name is taken, if it names pictures of the archive. */
dla_status dla_picture_table_inside(dla_picture_list *list, size_t from, const char *archive,
                                    dla_picture_list *classes, bool *split, bool *found,
                                    dla_error *err);

#endif
