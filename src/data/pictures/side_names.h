/* Names of the folders of a split: train, val, seg_train, Test_Set, test_images. */
#ifndef DLA_DATA_PICTURES_SIDE_NAMES_H
#define DLA_DATA_PICTURES_SIDE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct dla_side_name {
  const char *text; /* the folder's name; not owned, and not terminated */
  size_t length;
  size_t from, to; /* the word in it that names the side */
  int rank;        /* among the names to test with, of which the least is used */
  bool train;
} dla_side_name;

/* Whether one of the name's words is train, val or the like, in any case. */
bool dla_side_name_read(const char *text, size_t length, dla_side_name *name);
/* Whether the whole name is that word. */
bool dla_side_name_is_plain(const dla_side_name *name);
/* Whether two names are equal but for that word, as seg_train and seg_test. */
bool dla_side_names_are_alike(const dla_side_name *a, const dla_side_name *b);

/* Whether it names what a data set has in a folder, and no class: images, masks, annotations. */
bool dla_is_part_name(const char *text, size_t length);

#endif
