#include "staging/storage/validators.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/read_file.h"
#include "base/strbuf.h"

bool dla_validators_read(const char *path, dla_headers *headers, uint64_t *durable)
{
  enum { LONGEST = 4096 };
  char *text;
  size_t length;
  *headers = (dla_headers){0};
  if (durable) *durable = 0;
  if (dla_read_file(path, LONGEST, &text, &length, NULL)) return false;
  for (const char *line = text; *line;) {
    size_t count = strcspn(line, "\n");
    dla_headers_take(headers, line, count);
    if (durable) sscanf(line, "Durable-Bytes: %" SCNu64 "\n", durable);
    line += count + (line[count] == '\n');
  }
  free(text);
  return headers->etag[0] || headers->last_modified[0];
}

dla_status dla_validators_write(const char *path, const dla_headers *headers, uint64_t durable,
                                dla_error *err)
{
  dla_strbuf text = {0};
  if (!headers->etag[0] && !headers->last_modified[0]) {
    unlink(path);
    return DLA_OK;
  }
  if (headers->etag[0]) dla_strbuf_printf(&text, "ETag: %s\n", headers->etag);
  if (headers->last_modified[0])
    dla_strbuf_printf(&text, "Last-Modified: %s\n", headers->last_modified);
  if (headers->has_length)
    dla_strbuf_printf(&text, "Content-Length: %llu\n", (unsigned long long)headers->length);
  dla_strbuf_printf(&text, "Durable-Bytes: %" PRIu64 "\n", durable);
  dla_status status = text.failed ? dla_fail_memory(err, "a download") : DLA_OK;
  if (!status) status = dla_atomic_replace(path, text.text, text.length, err);
  dla_strbuf_free(&text);
  return status;
}

const char *dla_validators_for_range(const dla_headers *headers)
{
  if (headers->etag[0] == '"') return headers->etag;
  return headers->last_modified[0] ? headers->last_modified : NULL;
}
