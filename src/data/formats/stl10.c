/* STL-10's binary files (https://cs.stanford.edu/~acoates/stl10/): images in one file and labels
 * from 1 to 10 in another, both without a header. An image is three planes in the order R, G, B,
 * each column after column. */
#include "data/formats/format.h"

enum { CHANNELS = 3, SIDE = 96, PLANE = SIDE * SIDE, PIXELS = CHANNELS * PLANE, CLASSES = 10 };

static dla_status add_labels(dla_split *split, const dla_blob *blob, dla_error *err)
{
  size_t count = blob->size;
  for (size_t i = 0; i < count; i++)
    if (blob->bytes[i] < 1 || blob->bytes[i] > CLASSES)
      return dla_blob_fail(blob, i, err, "label %zu is %u, not in 1..%d", i, blob->bytes[i],
                           CLASSES);
  int32_t *labels;
  dla_status status = dla_split_add_labels(split, &count, &labels, err);
  for (size_t i = 0; status == DLA_OK && i < count; i++)
    labels[i] = blob->bytes[i] - 1;
  return status;
}

/* Columns become rows. */
static void transpose(uint8_t *plane)
{
  for (size_t y = 0; y < SIDE; y++)
    for (size_t x = y + 1; x < SIDE; x++) {
      const uint8_t swapped = plane[y * SIDE + x];
      plane[y * SIDE + x] = plane[x * SIDE + y];
      plane[x * SIDE + y] = swapped;
    }
}

static dla_status add_images(dla_split *split, dla_blob *blob, dla_error *err)
{
  size_t count = blob->size / PIXELS;
  if (blob->size % PIXELS)
    return dla_blob_fail(blob, count * PIXELS, err,
                         "the last image has %zu of %d bytes: the file is cut short",
                         blob->size % PIXELS, PIXELS);
  dla_status status = dla_split_set_shape(split, blob, CHANNELS, SIDE, SIDE, err);
  if (status != DLA_OK) return status;
  if (count > split->limit) count = split->limit;
  for (size_t plane = 0; plane < count * CHANNELS; plane++)
    transpose(blob->bytes + plane * PLANE);
  return dla_split_take_images(split, blob, blob->bytes, count, err);
}

/* The files do not say what they are. The images come first. */
static dla_status add(const dla_format *format, dla_split *split, dla_blob *blob, dla_error *err)
{
  (void)format;
  return split->images == 0 ? add_images(split, blob, err) : add_labels(split, blob, err);
}

const dla_format dla_format_stl10 = {
    .title = "STL-10",
    .members = {{"train_X.bin", DLA_PART_TRAIN, NULL},
                {"train_y.bin", DLA_PART_TRAIN, NULL},
                {"test_X.bin", DLA_PART_TEST, NULL},
                {"test_y.bin", DLA_PART_TEST, NULL},
                {"class_names.txt", DLA_PART_NAMES, NULL}},
    .tell = 2,
    .classes = CLASSES,
    .names = DLA_PART_NAMES,
    .add = add,
    .read_names = dla_names_by_line,
};
