/* IDX, the format of MNIST and its successors (http://yann.lecun.com/exdb/mnist/): a magic number
 * 0x0000TTDD with type and number of dimensions, then the sizes, all big-endian, then the data. */
#include "data/formats/format.h"

enum { MAGIC_LABELS = 0x0801, MAGIC_IMAGES = 0x0803, SIDE_MAX = 4096 };

static uint32_t big_endian(const uint8_t *bytes)
{
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Checks that the header is complete, and that the file's size matches it exactly. */
static dla_status check_size(const dla_blob *blob, size_t header, size_t count, size_t item,
                             dla_error *err)
{
  size_t size = header + count * item;
  if (blob->size < size)
    return dla_blob_fail(blob, blob->size, err, "the file is cut short: it needs %zu bytes", size);
  if (blob->size > size)
    return dla_blob_fail(blob, size, err, "%zu bytes follow the last item", blob->size - size);
  return DLA_OK;
}

static dla_status add_labels(dla_split *split, const dla_blob *blob, dla_error *err)
{
  size_t count = big_endian(blob->bytes + 4);
  dla_status status = check_size(blob, 8, count, 1, err);
  if (status != DLA_OK) return status;
  /* The file does not give the number of classes, so all labels decide. */
  for (size_t i = 0; i < count; i++) {
    int label = blob->bytes[8 + i];
    if (label >= split->dataset->classes) split->dataset->classes = label + 1;
    if (label < split->lowest) split->lowest = label;
  }
  int32_t *labels;
  status = dla_split_add_labels(split, &count, &labels, err);
  for (size_t i = 0; status == DLA_OK && i < count; i++)
    labels[i] = blob->bytes[8 + i];
  return status;
}

static dla_status add_images(dla_split *split, dla_blob *blob, dla_error *err)
{
  if (blob->size < 16) return check_size(blob, 16, 0, 0, err);
  size_t count = big_endian(blob->bytes + 4);
  uint32_t height = big_endian(blob->bytes + 8), width = big_endian(blob->bytes + 12);
  if (height == 0 || width == 0 || height > SIDE_MAX || width > SIDE_MAX)
    return dla_blob_fail(blob, 8, err, "the images are said to be %u x %u", height, width);
  dla_status status = check_size(blob, 16, count, (size_t)height * width, err);
  if (status == DLA_OK) status = dla_split_set_shape(split, blob, 1, (int)height, (int)width, err);
  return status == DLA_OK ? dla_split_take_images(split, blob, blob->bytes + 16, count, err)
                          : status;
}

static dla_status add(const dla_format *format, dla_split *split, dla_blob *blob, dla_error *err)
{
  (void)format;
  if (blob->size < 8) return check_size(blob, 8, 0, 0, err);
  uint32_t magic = big_endian(blob->bytes);
  if (magic == MAGIC_IMAGES) return add_images(split, blob, err);
  if (magic == MAGIC_LABELS) return add_labels(split, blob, err);
  return dla_blob_fail(blob, 0, err, "this is no IDX file of bytes: magic number 0x%08x", magic);
}

const dla_format dla_format_idx = {
    .title = "IDX (MNIST)",
    .members = {{"train-images-idx3-ubyte", DLA_PART_TRAIN, NULL},
                {"train-labels-idx1-ubyte", DLA_PART_TRAIN, NULL},
                {"t10k-images-idx3-ubyte", DLA_PART_TEST, "test-images-idx3-ubyte"},
                {"t10k-labels-idx1-ubyte", DLA_PART_TEST, "test-labels-idx1-ubyte"}},
    .tell = 1,
    .prefixed = true,
    .names = DLA_PART_NAMES,
    .add = add,
};
