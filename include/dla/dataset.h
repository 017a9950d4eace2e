/* Labelled images in memory, as they come from the files: 8-bit, planar, unpadded. */
#ifndef DLA_DATASET_H
#define DLA_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

/* One split. images: [count][channels][height][width], channel planes in the order R, G, B;
 * labels: [count], each in 0..classes-1. class_names has `classes` entries or is NULL where the
 * files name none. All memory is owned by the dataset. */
typedef struct dla_dataset {
  size_t count;
  int channels, height, width;
  int classes;
  uint8_t *images;
  int32_t *labels;
  char **class_names;
  char format[48]; /* for people: "CIFAR-10 python version", "IDX (MNIST)" */
} dla_dataset;

/* Finds out what is at path by looking, and loads both splits:
 *   - CIFAR-10 and CIFAR-100, python version: the folder with the batches, its parent, or the
 *     .tar.gz itself, which is streamed and never unpacked to disk;
 *   - the same, binary version (data_batch_1.bin ..., train.bin);
 *   - MNIST-style IDX: a folder with train-images-idx3-ubyte[.gz] and so on.
 * train_limit and test_limit cut the splits to their first images; 0: all.
 * Both *train and *test are set on success (free each with dla_dataset_free), neither on failure.
 * Errors: DLA_E_INPUT with the file and the byte offset as `where`; DLA_E_IO; DLA_E_MEMORY. */
dla_status dla_dataset_load(const char *path, size_t train_limit, size_t test_limit,
                            dla_dataset **train, dla_dataset **test, dla_error *err);

void dla_dataset_free(dla_dataset *dataset);

/* Mean and standard deviation of every channel over all pixels, on the scale 0 to 1. */
void dla_dataset_statistics(const dla_dataset *dataset, float *mean, float *std);

#endif
