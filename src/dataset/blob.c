#include "dataset/blob.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fail_at.h"
#include "base/gzip.h"

enum { FIRST_CAPACITY = 1 << 20 };

/* Makes room for at least one more byte. Large blocks grow by moving pages, not bytes (mremap). */
static dla_status grow(dla_blob *blob, size_t *capacity, dla_error *err)
{
  size_t more = *capacity ? 1 : FIRST_CAPACITY;
  return DLA_ARRAY_RESERVE(blob->bytes, *capacity, *capacity, more)
             ? DLA_OK
             : dla_fail_memory(err, blob->name);
}

static dla_status read_all(dla_gzip *file, dla_blob *blob, dla_error *err)
{
  size_t capacity = 0, count = 0;
  do {
    blob->size += count;
    if (blob->size >= DLA_BLOB_MAX)
      return dla_blob_fail(blob, blob->size, err, "the file goes on after %zu bytes", blob->size);
    if (blob->size == capacity && grow(blob, &capacity, err) != DLA_OK) return DLA_E_MEMORY;
    dla_status status =
        dla_gzip_read(file, blob->bytes + blob->size, capacity - blob->size, &count, err);
    if (status != DLA_OK) return status;
  } while (count > 0);
  return DLA_OK;
}

dla_status dla_blob_read(const char *path, dla_blob *blob, dla_error *err)
{
  *blob = (dla_blob){.name = strdup(path)};
  if (!blob->name) return dla_fail_memory(err, "a file name");
  dla_gzip *file = NULL;
  dla_status status = dla_gzip_open(path, &file, err);
  if (status == DLA_OK) status = read_all(file, blob, err);
  dla_gzip_close(file);
  if (status != DLA_OK) dla_blob_free(blob);
  return status;
}

void dla_blob_free(dla_blob *blob)
{
  free(blob->name);
  free(blob->bytes);
  *blob = (dla_blob){0};
}

dla_status dla_blob_fail(const dla_blob *blob, size_t offset, dla_error *err, const char *format,
                         ...)
{
  char what[sizeof err->what];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  return dla_fail_at(err, blob->name, offset, DLA_BLOB_HINT, "%s", what);
}
