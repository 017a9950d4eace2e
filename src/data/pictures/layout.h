/* Assigns a side (training or test) and a class to each listed file. */
#ifndef DLA_DATA_PICTURES_LAYOUT_H
#define DLA_DATA_PICTURES_LAYOUT_H

#include "data/pictures/list.h"

typedef struct dla_layout {
  /* The class names, as folders of a separate list. Entries' labels are their indexes. */
  dla_picture_list classes;
  bool split;     /* both sides were found; else the split is made by file names */
  size_t outside; /* files outside any class's folder */
} dla_layout;

/* Assigns a side and a label to the entries from index `from` on: train/CLASS/... and
 * val/CLASS/..., or CLASS/... anywhere in the place. side: the side of all of them;
 * DLA_SIDE_NONE: detect train and val. where: for errors. */
dla_status dla_layout_find(dla_layout *layout, dla_picture_list *list, size_t from, dla_side side,
                           const char *where, dla_error *err);

/* Renumbers the classes: those in train, in natural order. A class only in val is an error.
 * Allocates *names. */
dla_status dla_layout_settle_classes(dla_layout *layout, dla_picture_list *list, char ***names,
                                     int *count, const char *where, dla_error *err);

/* Renumbers them in the order of the given names. Any other class is an error. */
dla_status dla_layout_take_classes(dla_layout *layout, dla_picture_list *list, char *const *names,
                                   int count, const char *where, dla_error *err);

/* Moves entries of the training side to the test side, by their names and the seed: about
 * `fraction` of each class, at least one, and never all. A file's side does not depend on the
 * other files. */
dla_status dla_layout_make_split(dla_picture_list *list, int classes, double fraction,
                                 uint64_t seed, dla_error *err);

/* Limits a side to so many entries (0: all), chosen from all classes by their names and the
 * seed. */
dla_status dla_layout_limit(dla_picture_list *list, dla_side side, size_t limit, uint64_t seed,
                            dla_error *err);

/* Whether the classes are in fact the folders of a split whose pictures lie in no class's folder:
 * one is called train and another one val or test, or all have such names. */
bool dla_layout_is_split(char *const *names, int count);

void dla_layout_free(dla_layout *layout);

#endif
