/* Adds any bytes to a split as STL-10's files: images of any size, filled with the bytes in turn,
 * since one has more bytes than a fuzzer's input, then labels. The first byte chooses a limit, the
 * second and third the size. */
#include <stdlib.h>
#include <string.h>

#include "data/formats/format.h"

enum { PIXELS = 3 * 96 * 96 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void add(dla_split *split, const uint8_t *bytes, size_t count, size_t size)
{
  static char name[] = "fuzz";
  dla_blob blob = {.name = name, .bytes = malloc(size ? size : 1), .size = size};
  dla_error err = {0};
  if (!blob.bytes) return;
  for (size_t i = 0; i < size; i++)
    blob.bytes[i] = bytes[i % count];
  dla_format_stl10.add(&dla_format_stl10, split, &blob, &err);
  free(blob.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  if (size < 4) return 0;
  dla_split split = {.dataset = calloc(1, sizeof *split.dataset),
                     .limit = bytes[0] ? bytes[0] : SIZE_MAX};
  if (!split.dataset) return 0;
  split.dataset->classes = dla_format_stl10.classes;
  add(&split, bytes + 3, size - 3, (size_t)(bytes[1] % 4) * PIXELS + bytes[2]);
  add(&split, bytes + 3, size - 3, size - 3);
  add(&split, bytes + 3, size - 3, bytes[1]);
  dla_error err = {0};
  if (dla_split_finish(&split, "fuzz", &err) == DLA_OK) {
    float mean[3], std[3];
    dla_dataset_statistics(split.dataset, mean, std, NULL);
  }
  dla_dataset_free(split.dataset);
  return 0;
}
