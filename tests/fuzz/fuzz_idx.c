/* Adds any bytes to a split as an IDX file. The first byte chooses a limit; a second file, cut off
 * the same bytes, meets a split that has images already. */
#include <stdlib.h>
#include <string.h>

#include "data/formats/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void add(dla_split *split, const uint8_t *bytes, size_t size)
{
  static char name[] = "fuzz";
  dla_blob blob = {.name = name, .bytes = malloc(size ? size : 1), .size = size};
  dla_error err = {0};
  if (!blob.bytes) return;
  if (size) memcpy(blob.bytes, bytes, size);
  dla_format_idx.add(&dla_format_idx, split, &blob, &err);
  free(blob.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  if (size == 0) return 0;
  dla_split split = {.dataset = calloc(1, sizeof *split.dataset),
                     .limit = bytes[0] ? bytes[0] : SIZE_MAX};
  if (!split.dataset) return 0;
  size_t middle = 1 + (size - 1) / 2;
  add(&split, bytes + 1, size - 1);
  add(&split, bytes + 1, middle - 1);
  add(&split, bytes + middle, size - middle);
  dla_error err = {0};
  if (dla_split_finish(&split, "fuzz", &err) == DLA_OK) {
    float mean[3], std[3];
    dla_dataset_statistics(split.dataset, mean, std, NULL);
  }
  dla_dataset_free(split.dataset);
  return 0;
}
