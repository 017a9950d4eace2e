/* Fuzzes the reader of safetensors files. */
#include <stddef.h>
#include <stdint.h>

#include "checkpoint/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
  dla_tensor_set set = {0};
  dla_error err = {0};
  if (dla_safetensors_parse("fuzz", bytes, count, &set, &err) == DLA_OK)
    for (size_t i = 0; i < set.tensor_count; i++) {
      const dla_tensor_entry *entry = &set.tensor[i];
      const uint8_t *first = entry->bytes;
      if (entry->size && (first < bytes || first + entry->size > bytes + count)) __builtin_trap();
    }
  dla_tensor_set_free(&set);
  return 0;
}
