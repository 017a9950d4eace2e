/* A picture data set: the checked files of a folder, an archive or a CSV, and their classes. */
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
  size_t left_out, passed;         /* files left out, with a reason; files that are not pictures */
  struct dla_picture_cache *cache; /* NULL: none */
  int users;                       /* references: datasets, and the opener */
} dla_picture_set;

/* path: a folder, an archive or a CSV; unused if options->pictures.train is set. *other is set if
 * an archive holds no pictures; then *set is NULL. */
dla_status dla_picture_set_open(const char *path, const dla_dataset_options *options, bool *other,
                                dla_picture_set **set, dla_error *err);
void dla_picture_set_close(dla_picture_set *set);

typedef enum dla_pictures_there {
  DLA_PICTURES_NONE,    /* or nothing exists there */
  DLA_PICTURES_FLAT,    /* pictures, but not in class folders */
  DLA_PICTURES_PERHAPS, /* an archive: its members decide */
  DLA_PICTURES_TOO,     /* pictures beside files of another format */
  DLA_PICTURES_ONLY
} dla_pictures_there;
/* In a folder, looks at a few files of each folder near the top. */
dla_pictures_there dla_pictures_at(const char *path);

/* Whether the pictures at the path seem to have the classes in their names, and no table of labels
 * beside them. */
bool dla_pictures_are_named(const char *path);
/* DLA_E_INPUT: pictures->file_names is set, but there are no pictures. */
dla_status dla_fail_no_file_names(const char *path, dla_error *err);

/* DLA_E_INPUT: there are pictures, but not in class folders. */
dla_status dla_fail_flat(const char *path, dla_error *err);

/* Refuses a set that is not fit for training: one class, a class without pictures, no pictures,
 * or, with strict, any picture left out. Without `train` it need only be fit for testing. */
dla_status dla_picture_set_check(const dla_picture_set *set, bool strict, bool train,
                                 dla_error *err);

/* The set of a dataset; NULL: not a dataset of pictures. */
const dla_picture_set *dla_dataset_pictures(const dla_dataset *dataset);

/* Lists up to `most` files that were left out, one per line, with the reason. */
void dla_picture_set_left_out(const dla_picture_set *set, size_t most, dla_strbuf *out);

/* The file of a sample in such a dataset. */
const dla_picture_entry *dla_picture_set_entry(const dla_dataset *dataset, size_t sample);

/* Creates a dataset from one side of the set. */
dla_status dla_picture_set_dataset(dla_picture_set *set, dla_side side, dla_dataset **dataset,
                                   dla_error *err);

/* Calls visit() with the bytes of every good picture, in the order of the samples. */
typedef dla_status dla_picture_visit(void *context, const dla_picture_entry *entry,
                                     const uint8_t *bytes, size_t size, dla_error *err);
dla_status dla_picture_set_visit(const dla_picture_set *set, dla_picture_visit *visit,
                                 void *context, dla_error *err);

#endif
