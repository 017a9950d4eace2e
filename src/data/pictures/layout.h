/* Which of the files listed are to train with, which to test with, and of which class. */
#ifndef DLA_DATA_PICTURES_LAYOUT_H
#define DLA_DATA_PICTURES_LAYOUT_H

#include "data/pictures/list.h"

typedef struct dla_layout {
  /* The classes' names, as its folders: a list for nothing but them. Entries' labels are their
   * numbers. */
  dla_picture_list classes;
  bool split;     /* both sides were found; else one is to be made by the files' names */
  size_t outside; /* files that lie in no class's folder */
} dla_layout;

/* Gives the entries from `from` on a side and a label: train/CLASS/... and val/CLASS/..., or
 * CLASS/... wherever in the place. side: all of them have this one, and there is no looking for
 * train and val; DLA_SIDE_NONE: look. where: for errors. */
dla_status dla_layout_find(dla_layout *layout, dla_picture_list *list, size_t from, dla_side side,
                           const char *where, dla_error *err);

/* Numbers the classes anew: those that train has, as people sort names. A class that only val has
 * is an error. *names is made. */
dla_status dla_layout_settle_classes(dla_layout *layout, dla_picture_list *list, char ***names,
                                     int *count, const char *where, dla_error *err);

/* Numbers them as the names given. A class that is none of these is an error. */
dla_status dla_layout_take_classes(dla_layout *layout, dla_picture_list *list, char *const *names,
                                   int count, const char *where, dla_error *err);

/* Gives the entries of the training side the other one by their names and the seed: about
 * `fraction` of each class, one at least, and all but one at most. A file's side does not depend on
 * which others there are. */
dla_status dla_layout_make_split(dla_picture_list *list, int classes, double fraction,
                                 uint64_t seed, dla_error *err);

/* Of each side only so many (0: all), chosen by their names and the seed from all classes. */
dla_status dla_layout_limit(dla_picture_list *list, dla_side side, size_t limit, uint64_t seed,
                            dla_error *err);

void dla_layout_free(dla_layout *layout);

#endif
