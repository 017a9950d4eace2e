/* CIFAR's "python version" (https://www.cs.toronto.edu/~kriz/cifar.html): each file is a pickled
 * dict with 'data', a numpy matrix with one image a row, planes in the order R, G, B, and 'labels',
 * a list. CIFAR-100 has 'fine_labels' and 'coarse_labels' (superclasses); the fine ones count. */
#include <stdlib.h>
#include <string.h>

#include "dataset/cifar.h"
#include "dataset/format.h"
#include "dataset/numpy.h"
#include "dataset/pickle.h"

static dla_status find(const dla_blob *blob, const dla_pickle *pickle, const char *key,
                       const dla_pickle_value **value, dla_error *err)
{
  const dla_pickle_value *root = dla_pickle_root(pickle);
  *value = dla_pickle_get(pickle, root, key);
  if (*value) return DLA_OK;
  return dla_blob_fail(blob, root->offset, err, "the pickle is no dict with an entry '%s'", key);
}

static dla_status find_list(const dla_blob *blob, const dla_pickle *pickle, const char *key,
                            const dla_pickle_value **items, size_t *count, dla_error *err)
{
  const dla_pickle_value *list;
  dla_status status = find(blob, pickle, key, &list, err);
  if (status != DLA_OK) return status;
  if (list->kind != DLA_PICKLE_LIST)
    return dla_blob_fail(blob, list->offset, err, "'%s' is no list", key);
  *items = dla_pickle_items(pickle, list, count);
  return DLA_OK;
}

static dla_status add_labels(const dla_format *format, dla_split *split, const dla_blob *blob,
                             const dla_pickle_value *items, size_t count, dla_error *err)
{
  for (size_t i = 0; i < count; i++)
    if (items[i].kind != DLA_PICKLE_INT || items[i].integer < 0 ||
        items[i].integer >= format->classes)
      return dla_blob_fail(blob, items[i].offset, err, "label %zu is not in 0..%d", i,
                           format->classes - 1);
  int32_t *labels;
  dla_status status = dla_split_add_labels(split, &count, &labels, err);
  for (size_t i = 0; status == DLA_OK && i < count; i++)
    labels[i] = (int32_t)items[i].integer;
  return status;
}

static dla_status add_pickle(const dla_format *format, dla_split *split, dla_blob *blob,
                             const dla_pickle *pickle, dla_error *err)
{
  const char *key = format->classes == DLA_CIFAR100_CLASSES ? "fine_labels" : "labels";
  const dla_pickle_value *data, *labels = NULL;
  size_t count = 0;
  dla_numpy_bytes images;
  dla_status status = find(blob, pickle, "data", &data, err);
  if (status == DLA_OK) status = dla_numpy_read(blob, pickle, data, &images, err);
  if (status == DLA_OK) status = find_list(blob, pickle, key, &labels, &count, err);
  if (status != DLA_OK) return status;
  if (images.columns != DLA_CIFAR_PIXELS)
    return dla_blob_fail(blob, data->offset, err, "an image has %zu bytes, not %d", images.columns,
                         DLA_CIFAR_PIXELS);
  if (images.rows != count)
    return dla_blob_fail(blob, data->offset, err, "%zu images, but %zu labels", images.rows, count);
  status = add_labels(format, split, blob, labels, count, err);
  if (status == DLA_OK)
    status =
        dla_split_set_shape(split, blob, DLA_CIFAR_CHANNELS, DLA_CIFAR_SIDE, DLA_CIFAR_SIDE, err);
  if (status != DLA_OK) return status;
  return dla_split_take_images(split, blob, (size_t)(images.bytes - blob->bytes), count, err);
}

static dla_status add(const dla_format *format, dla_split *split, dla_blob *blob, dla_error *err)
{
  dla_pickle *pickle = NULL;
  dla_status status = dla_pickle_read(blob, &pickle, err);
  if (status == DLA_OK) status = add_pickle(format, split, blob, pickle, err);
  dla_pickle_free(pickle);
  return status;
}

static dla_status copy_names(const dla_format *format, const dla_blob *blob,
                             const dla_pickle_value *items, size_t count, char **names,
                             dla_error *err)
{
  if (count != (size_t)format->classes)
    return dla_blob_fail(blob, 0, err, "%zu names for %d classes", count, format->classes);
  for (size_t i = 0; i < count; i++) {
    if (items[i].kind != DLA_PICKLE_STRING)
      return dla_blob_fail(blob, items[i].offset, err, "the name of class %zu is no string", i);
    names[i] = strndup((const char *)items[i].bytes, items[i].count);
    if (!names[i]) return dla_fail_memory(err, "the names of the classes");
  }
  return DLA_OK;
}

static dla_status read_names(const dla_format *format, const dla_blob *blob, char ***names,
                             dla_error *err)
{
  const char *key = format->classes == DLA_CIFAR100_CLASSES ? "fine_label_names" : "label_names";
  const dla_pickle_value *items = NULL;
  size_t count = 0;
  dla_pickle *pickle = NULL;
  dla_status status = dla_pickle_read(blob, &pickle, err);
  if (status == DLA_OK) status = find_list(blob, pickle, key, &items, &count, err);
  if (status == DLA_OK) {
    *names = dla_names_new(format->classes);
    status = *names ? copy_names(format, blob, items, count, *names, err)
                    : dla_fail_memory(err, "the names of the classes");
  }
  dla_pickle_free(pickle);
  return status;
}

const dla_format dla_format_cifar10_python = {
    .title = "CIFAR-10 python version",
    .members = {{"data_batch_1", DLA_PART_TRAIN},
                {"data_batch_2", DLA_PART_TRAIN},
                {"data_batch_3", DLA_PART_TRAIN},
                {"data_batch_4", DLA_PART_TRAIN},
                {"data_batch_5", DLA_PART_TRAIN},
                {"test_batch", DLA_PART_TEST},
                {"batches.meta", DLA_PART_NAMES}},
    .tell = 1,
    .classes = DLA_CIFAR10_CLASSES,
    .add = add,
    .read_names = read_names,
};

const dla_format dla_format_cifar100_python = {
    .title = "CIFAR-100 python version",
    .members = {{"train", DLA_PART_TRAIN}, {"test", DLA_PART_TEST}, {"meta", DLA_PART_NAMES}},
    .tell = 2,
    .classes = DLA_CIFAR100_CLASSES,
    .add = add,
    .read_names = read_names,
};
