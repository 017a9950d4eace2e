/* A data set in a few numbers, from which a recipe is chosen. */
#ifndef DLA_RECIPE_FACTS_H
#define DLA_RECIPE_FACTS_H

#include "dla/dataset.h"

typedef enum dla_data_kind { DLA_DATA_PICTURES, DLA_DATA_CIFAR, DLA_DATA_IDX } dla_data_kind;

typedef struct dla_facts {
  dla_data_kind kind;
  char format[48]; /* for people */
  size_t train, test;
  size_t fewest; /* training images of the smallest class */
  int classes, channels;
  int width, height; /* for pictures of any size: the medians */
  bool made_split;   /* it had no split: a part of each class is for testing */
  bool file_names;   /* the classes are in the files' names */
  double val_fraction;
  size_t left_out; /* files */
} dla_facts;

/* Finds out what is at path, and reads every picture's header. Errors: those of
 * dla_dataset_load(). */
dla_status dla_facts_find(const char *path, const dla_dataset_options *options, dla_facts *facts,
                          dla_error *err);

#endif
