/* Finds pictures whose files have the same bytes. */
#ifndef DLA_DATA_PICTURES_DUPLICATES_H
#define DLA_DATA_PICTURES_DUPLICATES_H

#include "data/pictures/set.h"

typedef struct dla_duplicate {
  uint32_t first, again; /* entries; first is the first of all that are equal */
} dla_duplicate;

typedef struct dla_duplicates {
  dla_duplicate *items; /* owned */
  size_t count;
  size_t across;  /* duplicates on both sides: test pictures that are also trained on */
  size_t classes; /* duplicates in two classes */
} dla_duplicates;

/* Reads files of equal size. */
dla_status dla_duplicates_find(const dla_picture_set *set, const dla_pictures_options *options,
                               dla_duplicates *duplicates, dla_error *err);

#endif
