/* Labelled pictures: in memory, as they come from the files, or decoded one by one. */
#ifndef DLA_DATASET_H
#define DLA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/picture.h"
#include "dla/status.h"

/* A picture of any size, as its source has it: the file's bytes, or pixels that were decoded
 * before. */
typedef struct dla_sample {
  const uint8_t *bytes; /* NULL: pixels has it */
  size_t size;
  dla_pixels pixels;
  const char *name; /* for errors; in the room */
} dla_sample;

/* One split, a source of samples: how many, their labels, the names of the classes, and the
 * pictures one by one. It knows nothing of batches, epochs and threads.
 *
 * labels: [count], each in 0..classes-1. class_names has `classes` entries or is NULL where the
 * files name none. All memory is owned by the dataset. */
typedef struct dla_dataset dla_dataset;
struct dla_dataset {
  size_t count;
  int channels, height, width; /* of all pictures */
  int classes;
  uint8_t *images; /* [count][channels][height][width]; NULL: decode makes them */
  int32_t *labels;
  char **class_names;
  char format[48]; /* for people: "CIFAR-10 python version", "IDX (MNIST)" */
  /* For pictures that do not lie in memory: sets *picture, in the room. Called by several threads,
   * each with a room of its own. Errors: DLA_E_INPUT with the file; DLA_E_IO; DLA_E_MEMORY. */
  dla_status (*decode)(const dla_dataset *dataset, size_t index, dla_room *room,
                       dla_picture *picture, dla_error *err);
  /* Instead of both, for pictures of any size (height and width are 0): sets *sample, in the room
   * or elsewhere until the reader's next call. Called by several threads, each with a reader and a
   * room of its own. Errors: DLA_E_INPUT, DLA_E_IO: this picture cannot be had, another one can
   * stand in for it; others are the end. */
  dla_status (*read)(const dla_dataset *dataset, size_t index, dla_reader *reader, dla_room *room,
                     dla_sample *sample, dla_error *err);
  int64_t max_pixels;                    /* of a picture that is read */
  void (*release)(dla_dataset *dataset); /* frees what decode or read needs; NULL: nothing */
  void *context;                         /* decode's or read's */
};

typedef enum dla_cache { DLA_CACHE_NONE, DLA_CACHE_RAM, DLA_CACHE_DISK } dla_cache;

/* How folders and archives of pictures are read; zeros will do. */
typedef struct dla_pictures_options {
  const char *train, *val; /* places to train and test with, instead of one path; NULL: none */
  double val_fraction;     /* of each class, where the pictures have no split; 0: 0.2 */
  uint64_t seed;           /* of that split */
  bool strict;             /* a picture that cannot be read is an error, instead of left out */
  int64_t max_pixels;      /* of a picture; 0: DLA_MAX_PIXELS */
  dla_cache cache;
  const char *cache_path; /* of the disk cache; NULL: in the user's cache folder */
  /* The classes of a network that is to be judged: their names, and how many. All pictures are
   * there to test with, unless they have a split; NULL: the classes are the folders of those to
   * train with. */
  char *const *class_names;
  int classes;
  int cache_side; /* a cache's pictures are shrunk until their short side is that */
  /* Told now and then how far a scan, or a cache, has come. */
  void (*progress)(void *context, const char *what, size_t done, size_t all);
  bool (*stop)(void *context); /* asked now and then */
  void *context;
} dla_pictures_options;

typedef struct dla_dataset_options {
  size_t train_limit, test_limit; /* cut the splits to their first images; 0: all */
  int64_t classes; /* prefers a data set of so many, where several lie there; 0: any */
  bool coarse;     /* CIFAR-100's 20 superclasses, instead of its 100 classes */
  dla_pictures_options pictures;
} dla_dataset_options;

/* Finds out what is at path by looking (docs/data-sets.md lists what is read), and loads both
 * splits. An archive is streamed and never unpacked to disk.
 * Both *train and *test are set on success (free each with dla_dataset_free), neither on failure.
 * Errors: DLA_E_INPUT with the file and the byte offset as `where`; DLA_E_IO; DLA_E_MEMORY. */
dla_status dla_dataset_load(const char *path, const dla_dataset_options *options,
                            dla_dataset **train, dla_dataset **test, dla_error *err);

void dla_dataset_free(dla_dataset *dataset);

dla_status dla_dataset_picture(const dla_dataset *dataset, size_t index, dla_room *room,
                               dla_picture *picture, dla_error *err);

/* Mean and standard deviation of every channel over all pixels, on the scale 0 to 1. */
dla_status dla_dataset_statistics(const dla_dataset *dataset, float *mean, float *std,
                                  dla_error *err);

#endif
