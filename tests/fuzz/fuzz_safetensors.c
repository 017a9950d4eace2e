/* Fuzzes the reader of safetensors files. */
#include <stddef.h>
#include <stdint.h>

#include "checkpoint/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
  dla_safetensors *file = NULL;
  dla_error err = {0};
  if (dla_safetensors_parse("fuzz", bytes, count, &file, &err)) return 0;
  for (int i = 0; i < dla_safetensors_count(file); i++) {
    const dla_safetensors_entry *entry = dla_safetensors_at(file, i);
    const uint8_t *first = entry->bytes;
    if (entry->size && (first < bytes || first + entry->size > bytes + count)) __builtin_trap();
  }
  dla_safetensors_free(file);
  return 0;
}
