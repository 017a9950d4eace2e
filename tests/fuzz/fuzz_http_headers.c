/* Takes any lines as the headers of an answer. */
#include <stdlib.h>
#include <string.h>

#include "staging/transport/headers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  dla_headers h = {0};
  const char *line = (const char *)bytes, *end = line + size;
  while (line < end) {
    const char *newline = memchr(line, '\n', (size_t)(end - line));
    size_t length = newline ? (size_t)(newline - line) + 1 : (size_t)(end - line);
    /* A copy of just that length, so that a read behind it is seen. */
    char *copy = malloc(length);
    if (!copy) return 0;
    memcpy(copy, line, length);
    dla_headers_take(&h, copy, length);
    free(copy);
    line += length;
  }
  if (h.has_range && (h.range_first > h.range_last || h.range_last >= UINT64_MAX / 2)) abort();
  return 0;
}
