/* A data set of pictures: the files of a folder, an archive or a CSV, looked at, and their classes.
 */
#ifndef DLA_DATA_PICTURES_SET_H
#define DLA_DATA_PICTURES_SET_H

#include "data/pictures/layout.h"

struct dla_picture_cache;

typedef struct dla_picture_set {
  dla_picture_list list;
  dla_layout layout;
  char **class_names;
  int classes;
  char *place; /* for errors and messages */
  bool made_split;
  double val_fraction;
  int64_t max_pixels;
  size_t left_out, passed;         /* files for a reason; and what is no picture */
  struct dla_picture_cache *cache; /* NULL: none */
  int users;                       /* datasets, and who opened it */
} dla_picture_set;

/* path: a folder, an archive or a CSV; unused where options->pictures.train names one. *other is
 * set where an archive holds no pictures; then *set is NULL. */
dla_status dla_picture_set_open(const char *path, const dla_dataset_options *options, bool *other,
                                dla_picture_set **set, dla_error *err);
void dla_picture_set_close(dla_picture_set *set);

typedef enum dla_pictures_there {
  DLA_PICTURES_NONE,    /* or nothing at all */
  DLA_PICTURES_FLAT,    /* without a folder for each class */
  DLA_PICTURES_PERHAPS, /* an archive: its members will tell */
  DLA_PICTURES_TOO,     /* beside files that another format names */
  DLA_PICTURES_ONLY
} dla_pictures_there;
/* Of a folder it looks at a few files of each folder near the top. */
dla_pictures_there dla_pictures_at(const char *path);

/* DLA_E_INPUT: pictures lie there, but in no class's folder. */
dla_status dla_fail_flat(const char *path, dla_error *err);

/* What is not good enough to train on: one class, no picture in one, none at all, and with strict
 * any that is left out. Without `train` it need only do to test with. */
dla_status dla_picture_set_check(const dla_picture_set *set, bool strict, bool train,
                                 dla_error *err);

/* The set that a dataset is of; NULL: it is none of pictures. */
const dla_picture_set *dla_dataset_pictures(const dla_dataset *dataset);

/* A line for each file that is left out, with the reason: up to `most`. */
void dla_picture_set_left_out(const dla_picture_set *set, size_t most, dla_strbuf *out);

/* The file of a sample of such a dataset. */
const dla_picture_entry *dla_picture_set_entry(const dla_dataset *dataset, size_t sample);

/* One side of it as a source of samples. */
dla_status dla_picture_set_dataset(dla_picture_set *set, dla_side side, dla_dataset **dataset,
                                   dla_error *err);

/* Calls visit() with the bytes of every picture that is good, in the order of the samples. */
typedef dla_status dla_picture_visit(void *context, const dla_picture_entry *entry,
                                     const uint8_t *bytes, size_t size, dla_error *err);
dla_status dla_picture_set_visit(const dla_picture_set *set, dla_picture_visit *visit,
                                 void *context, dla_error *err);

#endif
