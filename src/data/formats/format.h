/* File formats. Each names its files, and reads one into a part of a split. To add one, add a
 * file and a row in format.c. */
#ifndef DLA_DATA_FORMATS_FORMAT_H
#define DLA_DATA_FORMATS_FORMAT_H

#include "data/blob.h"
#include "data/split.h"

enum { DLA_MEMBERS_MAX = 8 };

typedef enum dla_part {
  DLA_PART_TRAIN,
  DLA_PART_TEST,
  DLA_PART_NAMES,
  DLA_PART_COARSE_NAMES
} dla_part;

typedef struct dla_member {
  const char *name; /* of the file; member_name.h lists accepted variants */
  dla_part part;
  const char *also; /* an alternative name; NULL: none */
} dla_member;

typedef struct dla_format {
  const char *title;
  /* In the order of the samples; ends with a name of NULL. Training and test members are
   * required. */
  dla_member members[DLA_MEMBERS_MAX];
  int tell;        /* this many members identify the format: more than one if their names are
                    * common */
  bool prefixed;   /* a folder may hold several sets: "emnist-letters-train-images-idx3-ubyte" */
  int classes;     /* 0: derived from the labels */
  const char *set; /* "CIFAR-10" in each of that set's formats; NULL: the set has no other format */
  dla_part names;
  const char *labels_key, *names_key;     /* in a pickle */
  const struct dla_format *coarse_labels; /* the format for coarse labels of the same files; NULL:
                                           * none */
  /* Adds a file of images, labels or both to a split. May take ownership of blob->bytes. */
  dla_status (*add)(const struct dla_format *format, dla_split *split, dla_blob *blob,
                    dla_error *err);
  /* Reads the class names: format->classes strings, or none if the file has none. NULL: the
   * format has no such file. */
  dla_status (*read_names)(const struct dla_format *format, const dla_blob *blob, char ***names,
                           dla_error *err);
} dla_format;

/* All formats; ends with NULL. */
extern const dla_format *const dla_formats[];

extern const dla_format dla_format_cifar10_python, dla_format_cifar100_python;
extern const dla_format dla_format_cifar10_binary, dla_format_cifar100_binary;
extern const dla_format dla_format_idx;
extern const dla_format dla_format_stl10;

/* `count` names, initially NULL. These functions return NULL if out of memory. */
char **dla_names_new(int count);
/* A copy of a name from a file, made safe for a terminal. */
char *dla_name_new(const char *text, size_t length);
char **dla_names_copy(char *const *names, int count);

/* For read_names: a text file of one name per line. What follows the last class's is ignored. */
dla_status dla_names_by_line(const dla_format *format, const dla_blob *blob, char ***names,
                             dla_error *err);

#endif
