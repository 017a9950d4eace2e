/* Labelled pictures: in memory, as they come from the files, or decoded one by one. */
#ifndef DLA_DATASET_H
#define DLA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/picture.h"
#include "dla/status.h"

/* A picture of any size, as its source has it: the file's bytes, or decoded pixels. */
typedef struct dla_sample {
  const uint8_t *bytes; /* NULL: use pixels */
  size_t size;
  dla_pixels pixels;
  const char *name; /* for errors; stored in the room */
} dla_sample;

/* One split of a data set: labels, class names, and pictures, one by one. It knows nothing of
 * batches, epochs or threads.
 *
 * labels: [count], each in 0..classes-1. class_names has `classes` entries, or is NULL if the
 * files have no names. The dataset owns all memory. */
typedef struct dla_dataset dla_dataset;
struct dla_dataset {
  size_t count;
  int channels, height, width; /* of all pictures */
  int classes;
  uint8_t *images; /* [count][channels][height][width]; NULL: use decode or read */
  int32_t *labels;
  char **class_names;
  char format[48]; /* for people: "CIFAR-10 python version", "IDX (MNIST)" */
  /* For pictures that are not in memory: sets *picture, stored in the room. Several threads call
   * it, each with its own room. Errors: DLA_E_INPUT with the file; DLA_E_IO; DLA_E_MEMORY. */
  dla_status (*decode)(const dla_dataset *dataset, size_t index, dla_room *room,
                       dla_picture *picture, dla_error *err);
  /* For pictures of any size (height and width are 0), instead of images and decode: sets
   * *sample, stored in the room or elsewhere until the reader's next call. Several threads call
   * it, each with its own reader and room. Errors: DLA_E_INPUT, DLA_E_IO: this picture is
   * unreadable, another one can stand in for it. Any other error ends the run. */
  dla_status (*read)(const dla_dataset *dataset, size_t index, dla_reader *reader, dla_room *room,
                     dla_sample *sample, dla_error *err);
  int64_t max_pixels;                    /* limit on a picture's size in read */
  void (*release)(dla_dataset *dataset); /* frees what decode or read needs; NULL: nothing to
                                          * free */
  void *context;                         /* for decode or read */
};

typedef enum dla_cache { DLA_CACHE_NONE, DLA_CACHE_RAM, DLA_CACHE_DISK } dla_cache;

/* How to read folders and archives of pictures. All zeros are the defaults. */
typedef struct dla_pictures_options {
  const char *train, *val; /* separate places for training and test pictures, instead of one path;
                            * NULL: none */
  bool file_names;         /* the classes are in the files' names, as in cat_1.jpg, not folders */
  double val_fraction;     /* of each class, if the pictures have no split; 0: 0.2 */
  uint64_t seed;           /* of that split */
  bool strict;             /* an unreadable picture is an error; else it is skipped */
  int64_t max_pixels;      /* limit on a picture; 0: DLA_MAX_PIXELS */
  dla_cache cache;
  const char *cache_path; /* the disk cache; NULL: in the user's cache folder */
  /* The class names of a network to evaluate, and their number. All pictures become the test
   * split, unless they have a split. NULL: the classes are the training split's folders. */
  char *const *class_names;
  int classes;
  int cache_side; /* the cache shrinks pictures to this short side */
  /* Called now and then with the progress of a scan or of filling a cache. */
  void (*progress)(void *context, const char *what, size_t done, size_t all);
  bool (*stop)(void *context); /* called now and then; true: stop */
  void *context;
} dla_pictures_options;

typedef struct dla_dataset_options {
  size_t train_limit, test_limit; /* use only the first so many images of each split; 0: all */
  int64_t classes; /* if several data sets lie there, prefer one with so many classes; 0: any */
  bool coarse;     /* CIFAR-100: its 20 superclasses instead of its 100 classes */
  dla_pictures_options pictures;
} dla_dataset_options;

/* Detects the format of the data at path (docs/data-sets.md lists the formats), and loads both
 * splits. An archive is streamed and never unpacked to disk. On success both *train and *test are
 * set (free each with dla_dataset_free); on failure neither is. Errors: DLA_E_INPUT with the file
 * and the byte offset as `where`; DLA_E_IO; DLA_E_MEMORY. */
dla_status dla_dataset_load(const char *path, const dla_dataset_options *options,
                            dla_dataset **train, dla_dataset **test, dla_error *err);

void dla_dataset_free(dla_dataset *dataset);

dla_status dla_dataset_picture(const dla_dataset *dataset, size_t index, dla_room *room,
                               dla_picture *picture, dla_error *err);

/* Mean and standard deviation of every channel over all pixels, on the scale 0 to 1. */
dla_status dla_dataset_statistics(const dla_dataset *dataset, float *mean, float *std,
                                  dla_error *err);

#endif
