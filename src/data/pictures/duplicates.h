/* Pictures whose files have the same bytes. */
#ifndef DLA_DATA_PICTURES_DUPLICATES_H
#define DLA_DATA_PICTURES_DUPLICATES_H

#include "data/pictures/set.h"

typedef struct dla_duplicate {
  uint32_t first, again; /* entries; the first one of all that are the same */
} dla_duplicate;

typedef struct dla_duplicates {
  dla_duplicate *items; /* owned */
  size_t count;
  size_t across;  /* of those, on both sides: what is tested with was trained with */
  size_t classes; /* in two classes */
} dla_duplicates;

/* Reads those of the same size. */
dla_status dla_duplicates_find(const dla_picture_set *set, const dla_pictures_options *options,
                               dla_duplicates *duplicates, dla_error *err);

#endif
