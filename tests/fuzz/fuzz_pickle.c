/* Reads any bytes as a pickle, and as images and labels where they are some. */
#include <stdlib.h>
#include <string.h>

#include "data/formats/numpy.h"
#include "data/formats/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static volatile unsigned sink; /* keeps the sum below from being optimised away */

/* Sums what the reader says are images and labels, so that sanitizers see every byte touched. A
 * side of 1 makes small files images. */
static unsigned touch(const dla_blob *blob, const dla_pickle *pickle)
{
  unsigned sum = 0;
  dla_pickled_images images = {0};
  int32_t *labels = NULL;
  size_t count = 0;
  const dla_pickle_value *root = dla_pickle_root(pickle);
  const dla_pickle_value *data = dla_pickle_get(pickle, root, "data");
  const dla_pickle_value *list = dla_pickle_get(pickle, root, "labels");
  if (!dla_pickled_images_read(blob, pickle, data ? data : root, 1, &images, NULL))
    for (size_t i = 0; i < images.count * 3; i++)
      sum += images.bytes[i];
  if (!dla_pickled_labels_read(blob, pickle, list ? list : root, 10, &labels, &count, NULL))
    for (size_t i = 0; i < count; i++)
      sum += (unsigned)labels[i];
  free(images.owned);
  free(labels);
  return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  static char name[] = "fuzz";
  dla_pickle *pickle = NULL;
  dla_error err = {0};
  /* A copy: the reader decodes in place, and libFuzzer's bytes must not change. */
  dla_blob blob = {.name = name, .bytes = malloc(size ? size : 1), .size = size};
  if (!blob.bytes) return 0;
  if (size) memcpy(blob.bytes, bytes, size);
  if (dla_pickle_read(&blob, &pickle, &err) == DLA_OK) sink = touch(&blob, pickle);
  dla_pickle_free(pickle);
  free(blob.bytes);
  return 0;
}
