/* CIFAR's "python version" (https://www.cs.toronto.edu/~kriz/cifar.html): each file is a pickled
 * dict. 'data' is a numpy matrix with one image per row, as planes in the order R, G, B. 'labels'
 * is a list. CIFAR-100 has 'fine_labels' and 'coarse_labels' (superclasses). */
#include <stdlib.h>
#include <string.h>

#include "base/plural.h"
#include "base/try.h"
#include "data/formats/cifar.h"
#include "data/formats/format.h"
#include "data/formats/numpy.h"
#include "data/formats/pickle.h"

static dla_status find(const dla_blob *blob, const dla_pickle *pickle, const char *key,
                       const dla_pickle_value **value, dla_error *err)
{
  const dla_pickle_value *root = dla_pickle_root(pickle);
  *value = dla_pickle_get(pickle, root, key);
  if (*value) return DLA_OK;
  return dla_blob_fail(blob, root->offset, err, "the pickle is no dict with an entry '%s'", key);
}

static dla_status add_labels(dla_split *split, const int32_t *from, size_t count, dla_error *err)
{
  int32_t *labels;
  dla_status status = dla_split_add_labels(split, &count, &labels, err);
  if (status == DLA_OK) memcpy(labels, from, count * sizeof *labels);
  return status;
}

static dla_status add_both(dla_split *split, dla_blob *blob, const dla_pickle_value *data,
                           const dla_pickled_images *images, const int32_t *labels, size_t count,
                           dla_error *err)
{
  if (images->count != count)
    return dla_blob_fail(blob, data->offset, err, "%zu image%s, but %zu label%s", images->count,
                         dla_plural(images->count), count, dla_plural(count));
  TRY(add_labels(split, labels, count, err));
  TRY(dla_split_set_shape(split, blob, DLA_CIFAR_CHANNELS, DLA_CIFAR_SIDE, DLA_CIFAR_SIDE, err));
  return dla_split_take_images(split, blob, images->bytes, count, err);
}

static dla_status add_pickle(const dla_format *format, dla_split *split, dla_blob *blob,
                             const dla_pickle *pickle, dla_error *err)
{
  const dla_pickle_value *data, *list;
  dla_pickled_images images = {0};
  int32_t *labels = NULL;
  size_t count = 0;
  TRY(find(blob, pickle, "data", &data, err));
  TRY(find(blob, pickle, format->labels_key, &list, err));
  dla_status status =
      dla_pickled_labels_read(blob, pickle, list, format->classes, &labels, &count, err);
  if (!status) status = dla_pickled_images_read(blob, pickle, data, DLA_CIFAR_SIDE, &images, err);
  if (!status) status = add_both(split, blob, data, &images, labels, count, err);
  free(images.owned);
  free(labels);
  return status;
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
    names[i] = dla_name_new((const char *)items[i].bytes, items[i].count);
    if (!names[i]) return dla_fail_memory(err, "the names of the classes");
  }
  return DLA_OK;
}

/* Another program may have left out the names, or stored them as something other than a list. */
static dla_status read_list(const dla_format *format, const dla_blob *blob,
                            const dla_pickle *pickle, char ***names, dla_error *err)
{
  const dla_pickle_value *list = dla_pickle_get(pickle, dla_pickle_root(pickle), format->names_key);
  if (!list || (list->kind != DLA_PICKLE_LIST && list->kind != DLA_PICKLE_TUPLE)) return DLA_OK;
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(pickle, list, &count);
  *names = dla_names_new(format->classes);
  return *names ? copy_names(format, blob, items, count, *names, err)
                : dla_fail_memory(err, "the names of the classes");
}

static dla_status read_names(const dla_format *format, const dla_blob *blob, char ***names,
                             dla_error *err)
{
  dla_pickle *pickle = NULL;
  dla_status status = dla_pickle_read(blob, &pickle, err);
  if (status == DLA_OK) status = read_list(format, blob, pickle, names, err);
  dla_pickle_free(pickle);
  return status;
}

const dla_format dla_format_cifar10_python = {
    .title = "CIFAR-10 python version",
    .set = "CIFAR-10",
    .members = {{"data_batch_1", DLA_PART_TRAIN, NULL},
                {"data_batch_2", DLA_PART_TRAIN, NULL},
                {"data_batch_3", DLA_PART_TRAIN, NULL},
                {"data_batch_4", DLA_PART_TRAIN, NULL},
                {"data_batch_5", DLA_PART_TRAIN, NULL},
                {"test_batch", DLA_PART_TEST, NULL},
                {"batches.meta", DLA_PART_NAMES, NULL}},
    .tell = 1,
    .classes = DLA_CIFAR10_CLASSES,
    .names = DLA_PART_NAMES,
    .labels_key = "labels",
    .names_key = "label_names",
    .add = add,
    .read_names = read_names,
};

#define CIFAR100_MEMBERS                                                                           \
  {                                                                                                \
    {"train", DLA_PART_TRAIN, NULL}, {"test", DLA_PART_TEST, NULL},                                \
        {"meta", DLA_PART_NAMES, NULL},                                                            \
  }

static const dla_format coarse = {
    .title = "CIFAR-100 python version, coarse",
    .members = CIFAR100_MEMBERS,
    .classes = DLA_CIFAR100_COARSE_CLASSES,
    .names = DLA_PART_NAMES,
    .labels_key = "coarse_labels",
    .names_key = "coarse_label_names",
    .add = add,
    .read_names = read_names,
};

const dla_format dla_format_cifar100_python = {
    .title = "CIFAR-100 python version",
    .set = "CIFAR-100",
    .members = CIFAR100_MEMBERS,
    .tell = 2,
    .classes = DLA_CIFAR100_CLASSES,
    .names = DLA_PART_NAMES,
    .labels_key = "fine_labels",
    .names_key = "fine_label_names",
    .coarse_labels = &coarse,
    .add = add,
    .read_names = read_names,
};
