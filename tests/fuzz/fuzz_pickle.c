/* Reads any bytes as a pickle, and as a matrix of bytes where they are one. */
#include <stdlib.h>
#include <string.h>

#include "dataset/numpy.h"
#include "dataset/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static volatile unsigned sink; /* keeps the sum below from being optimised away */

/* Sums what the reader says is the matrix, so that sanitizers see every byte touched. */
static unsigned touch(const dla_blob *blob, const dla_pickle *pickle)
{
  unsigned sum = 0;
  dla_numpy_bytes array;
  const dla_pickle_value *root = dla_pickle_root(pickle);
  const dla_pickle_value *data = dla_pickle_get(pickle, root, "data");
  if (dla_numpy_read(blob, pickle, data ? data : root, &array, NULL) != DLA_OK) return 0;
  for (size_t i = 0; i < array.rows * array.columns; i++)
    sum += array.bytes[i];
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
