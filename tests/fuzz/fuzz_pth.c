/* Reads any bytes as a checkpoint: a zip archive as it is, so that libarchive and what is around it
 * is fuzzed; other bytes as the pickle in an archive with two storages, which a CRC-32 would
 * otherwise keep any mutation from. */
#include <string.h>

#include "../unit/zip_builder.h"
#include "checkpoint/pth_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static volatile double sink; /* keeps the sum below from being optimised away */

/* Reads every number, so that sanitizers see every byte touched. */
static void parse(const void *bytes, size_t size)
{
  dla_tensor_set set = {0};
  dla_error err = {0};
  size_t total = 0;
  if (dla_tensor_set_parse("fuzz", bytes, size, "", &set, &err)) return;
  for (size_t i = 0; i < set.tensor_count; i++) {
    const dla_tensor_entry *tensor = &set.tensor[i];
    const size_t count = tensor->size / dla_dtype_size(tensor->dtype);
    total += tensor->size;
    for (size_t k = 0; k < count; k++)
      sink += dla_dtype_number(tensor->dtype, tensor->bytes, k);
  }
  if (total > (size_t)DLA_PTH_SHARED_MAX * size + DLA_PTH_SHARED_FREE) __builtin_trap();
  if (dla_tensor_set_order(&set, &err) || dla_tensor_set_sign(&set, &err)) __builtin_trap();
  dla_tensor_set_free(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  static const char storage[216];
  zip_builder zip = {0};
  if (size >= 2 && memcmp(bytes, "PK", 2) == 0) {
    parse(bytes, size);
    return 0;
  }
  zip_add(&zip, "archive/data.pkl", bytes, size);
  zip_add(&zip, "archive/data/0", storage, sizeof storage);
  zip_add(&zip, "archive/data/1", storage, 8);
  zip_end(&zip);
  parse(zip.bytes.text, zip.bytes.length);
  zip_free(&zip);
  return 0;
}
