/* CIFAR's "binary version" (https://www.cs.toronto.edu/~kriz/cifar.html): records of the label
 * (in CIFAR-100 the coarse, then the fine one) and the pixels, as planes in the order R, G, B. */
#include <string.h>

#include "base/try.h"
#include "data/formats/cifar.h"
#include "data/formats/format.h"

static dla_status add_labels(const dla_format *format, dla_split *split, const dla_blob *blob,
                             size_t record, dla_error *err)
{
  size_t count = blob->size / record;
  size_t at = format->classes == DLA_CIFAR100_CLASSES ? 1 : 0; /* the coarse one comes first */
  for (size_t i = 0; i < count; i++)
    if (blob->bytes[i * record + at] >= format->classes)
      return dla_blob_fail(blob, i * record + at, err, "label %zu is %u, not in 0..%d", i,
                           blob->bytes[i * record + at], format->classes - 1);
  int32_t *labels;
  dla_status status = dla_split_add_labels(split, &count, &labels, err);
  for (size_t i = 0; status == DLA_OK && i < count; i++)
    labels[i] = blob->bytes[i * record + at];
  return status;
}

static dla_status add(const dla_format *format, dla_split *split, dla_blob *blob, dla_error *err)
{
  size_t label_bytes = format->classes == DLA_CIFAR10_CLASSES ? 1 : 2;
  size_t record = label_bytes + DLA_CIFAR_PIXELS, count = blob->size / record;
  if (blob->size % record)
    return dla_blob_fail(blob, count * record, err,
                         "the last record has %zu of %zu bytes: the file is cut short",
                         blob->size % record, record);
  TRY(add_labels(format, split, blob, record, err));
  TRY(dla_split_set_shape(split, blob, DLA_CIFAR_CHANNELS, DLA_CIFAR_SIDE, DLA_CIFAR_SIDE, err));
  for (size_t i = 0; i < count; i++) /* closes the gaps left by the labels */
    memmove(blob->bytes + i * DLA_CIFAR_PIXELS, blob->bytes + i * record + label_bytes,
            DLA_CIFAR_PIXELS);
  return dla_split_take_images(split, blob, blob->bytes, count, err);
}

const dla_format dla_format_cifar10_binary = {
    .title = "CIFAR-10 binary version",
    .set = "CIFAR-10",
    .members = {{"data_batch_1.bin", DLA_PART_TRAIN, NULL},
                {"data_batch_2.bin", DLA_PART_TRAIN, NULL},
                {"data_batch_3.bin", DLA_PART_TRAIN, NULL},
                {"data_batch_4.bin", DLA_PART_TRAIN, NULL},
                {"data_batch_5.bin", DLA_PART_TRAIN, NULL},
                {"test_batch.bin", DLA_PART_TEST, NULL},
                {"batches.meta.txt", DLA_PART_NAMES, NULL}},
    .tell = 1,
    .classes = DLA_CIFAR10_CLASSES,
    .names = DLA_PART_NAMES,
    .add = add,
    .read_names = dla_names_by_line,
};

#define CIFAR100_MEMBERS                                                                           \
  {                                                                                                \
    {"train.bin", DLA_PART_TRAIN, NULL}, {"test.bin", DLA_PART_TEST, NULL},                        \
        {"fine_label_names.txt", DLA_PART_NAMES, NULL},                                            \
        {"coarse_label_names.txt", DLA_PART_COARSE_NAMES, NULL},                                   \
  }

static const dla_format coarse = {
    .title = "CIFAR-100 binary version, coarse",
    .members = CIFAR100_MEMBERS,
    .classes = DLA_CIFAR100_COARSE_CLASSES,
    .names = DLA_PART_COARSE_NAMES,
    .add = add,
    .read_names = dla_names_by_line,
};

const dla_format dla_format_cifar100_binary = {
    .title = "CIFAR-100 binary version",
    .set = "CIFAR-100",
    .members = CIFAR100_MEMBERS,
    .tell = 2,
    .classes = DLA_CIFAR100_CLASSES,
    .names = DLA_PART_NAMES,
    .coarse_labels = &coarse,
    .add = add,
    .read_names = dla_names_by_line,
};
