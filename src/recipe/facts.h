/* What a recipe for training goes by: a data set in a few numbers. */
#ifndef DLA_RECIPE_FACTS_H
#define DLA_RECIPE_FACTS_H

#include "dla/dataset.h"

typedef enum dla_data_kind { DLA_DATA_PICTURES, DLA_DATA_CIFAR, DLA_DATA_IDX } dla_data_kind;

typedef struct dla_facts {
  dla_data_kind kind;
  char format[48]; /* for people */
  size_t train, test;
  size_t fewest; /* of a class to train with */
  int classes, channels;
  int width, height; /* of pictures of any size, their medians */
  bool made_split;   /* none was there: a part of each class tests */
  double val_fraction;
  size_t left_out; /* files */
} dla_facts;

/* Finds out what is at path, and looks at every picture's header. Errors: dla_dataset_load()'s. */
dla_status dla_facts_find(const char *path, const dla_dataset_options *options, dla_facts *facts,
                          dla_error *err);

#endif
