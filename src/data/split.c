#include "data/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/plural.h"
#include "data/address.h"

static size_t at_most(size_t count, size_t limit)
{
  return count < limit ? count : limit;
}

dla_status dla_split_set_shape(dla_split *split, const dla_blob *blob, int channels, int height,
                               int width, dla_error *err)
{
  dla_dataset *d = split->dataset;
  if (split->images > 0 && (d->channels != channels || d->height != height || d->width != width))
    return dla_blob_fail(blob, 0, err, "the images are %d x %d x %d, and those before %d x %d x %d",
                         channels, height, width, d->channels, d->height, d->width);
  d->channels = channels;
  d->height = height;
  d->width = width;
  return DLA_OK;
}

static size_t image_bytes(const dla_split *split)
{
  const dla_dataset *d = split->dataset;
  return (size_t)d->channels * (size_t)d->height * (size_t)d->width;
}

/* Frees the unused end of a block of memory. If that fails, it stays as it is. */
static void shrink(uint8_t **bytes, size_t size)
{
  uint8_t *smaller = realloc(*bytes, size ? size : 1);
  if (smaller) *bytes = smaller;
}

dla_status dla_split_take_images(dla_split *split, dla_blob *blob, const uint8_t *bytes,
                                 size_t count, dla_error *err)
{
  dla_dataset *d = split->dataset;
  size_t image = image_bytes(split);
  size_t taken = at_most(count, split->limit - split->images);
  if (taken == 0) return DLA_OK;
  bool inside = (uintptr_t)bytes >= (uintptr_t)blob->bytes &&
                (uintptr_t)bytes < (uintptr_t)blob->bytes + blob->size;
  if (!d->images && inside) {
    d->images = blob->bytes;
    blob->bytes = NULL;
    blob->size = 0;
    memmove(d->images, bytes, taken * image);
    shrink(&d->images, taken * image);
  } else {
    uint8_t *images = realloc(d->images, (split->images + taken) * image);
    if (!images) return dla_fail_memory(err, "the images");
    d->images = images;
    memcpy(images + split->images * image, bytes, taken * image);
  }
  split->images += taken;
  return DLA_OK;
}

dla_status dla_split_add_labels(dla_split *split, size_t *count, int32_t **labels, dla_error *err)
{
  dla_dataset *d = split->dataset;
  *count = at_most(*count, split->limit - split->labels);
  int32_t *grown = realloc(d->labels, (split->labels + *count + 1) * sizeof *grown);
  if (!grown) return dla_fail_memory(err, "the labels");
  d->labels = grown;
  *labels = grown + split->labels;
  split->labels += *count;
  return DLA_OK;
}

bool dla_split_is_full(const dla_split *split)
{
  return split->images == split->limit && split->labels == split->limit;
}

dla_status dla_split_finish(dla_split *split, const char *where, dla_error *err)
{
  if (split->images != split->labels)
    return dla_fail(err, DLA_E_INPUT, where, dla_dataset_address_by(where, split->file),
                    "%zu image%s, but %zu label%s", split->images, dla_plural(split->images),
                    split->labels, dla_plural(split->labels));
  if (split->images == 0)
    return dla_fail(err, DLA_E_INPUT, where, dla_dataset_address_by(where, split->file),
                    "there are no images");
  if (split->images > UINT32_MAX)
    return dla_fail(err, DLA_E_INPUT, where, NULL, "%zu images are too many", split->images);
  split->dataset->count = split->images;
  return DLA_OK;
}
