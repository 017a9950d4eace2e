#include "data/blob.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/array.h"
#include "base/fail_at.h"
#include "base/gzip.h"
#include "base/looks_like.h"
#include "base/try.h"
#include "data/address.h"

enum { FIRST_CAPACITY = 1 << 20 };

/* Makes room for at least one more byte. Large blocks grow by remapping pages, without copying
 * (mremap). */
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
    TRY(dla_gzip_read(file, blob->bytes + blob->size, capacity - blob->size, &count, err));
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
  if (status == DLA_E_INPUT && err)
    snprintf(err->hint, sizeof err->hint, "%s", dla_dataset_address(path));
  dla_gzip_close(file);
  if (status != DLA_OK) dla_blob_free(blob);
  return status;
}

/* ---- In memory ---- */

static dla_status inflate_all(z_stream *z, dla_blob *plain, dla_error *err)
{
  size_t capacity = 0;
  int code = Z_OK;
  while (code == Z_OK) {
    if (plain->size >= DLA_BLOB_MAX)
      return dla_blob_fail(plain, plain->size, err, "the file goes on after %zu bytes",
                           plain->size);
    if (plain->size == capacity && grow(plain, &capacity, err) != DLA_OK) return DLA_E_MEMORY;
    z->next_out = plain->bytes + plain->size;
    z->avail_out = (uInt)(capacity - plain->size);
    code = inflate(z, Z_NO_FLUSH);
    plain->size = capacity - z->avail_out;
  }
  if (code == Z_STREAM_END) return DLA_OK;
  return dla_blob_fail(plain, (size_t)z->total_in, err, "the compressed file is %s",
                       code == Z_BUF_ERROR ? "cut short"
                       : z->msg            ? z->msg
                                           : "wrong");
}

dla_status dla_blob_decompress(dla_blob *blob, dla_error *err)
{
  if (blob->size < 2 || blob->bytes[0] != 0x1f || blob->bytes[1] != 0x8b) return DLA_OK;
  z_stream z = {.next_in = blob->bytes, .avail_in = (uInt)blob->size};
  dla_blob plain = {.name = strdup(blob->name)};
  if (!plain.name || inflateInit2(&z, MAX_WBITS + 16) != Z_OK) {
    dla_blob_free(&plain);
    return dla_fail_memory(err, blob->name);
  }
  dla_status status = inflate_all(&z, &plain, err);
  inflateEnd(&z);
  dla_blob_free(status ? &plain : blob);
  if (!status) *blob = plain;
  return status;
}

dla_status dla_check_kind(const char *name, const void *bytes, size_t size, bool archive,
                          dla_error *err)
{
  const dla_looks looks = dla_looks_like(bytes, size);
  bool packed = looks.kind == DLA_LOOKS_ARCHIVE || looks.kind == DLA_LOOKS_COMPRESSED;
  if (!looks.what || looks.kind == DLA_LOOKS_PICKLE || (archive && packed)) return DLA_OK;
  const char *hint = dla_dataset_address(name); /* the download failed */
  if (looks.kind == DLA_LOOKS_POINTER || looks.kind == DLA_LOOKS_PACKED) hint = looks.hint;
  if (looks.kind == DLA_LOOKS_PICTURE) hint = "give a folder of pictures: FOLDER/CLASS/*.jpg";
  if (looks.kind == DLA_LOOKS_ARRAYS) hint = dla_unread_hint;
  return dla_fail(err, DLA_E_INPUT, name, hint, "the file is %s%s", looks.what, looks.title);
}

dla_status dla_blob_check_kind(const dla_blob *blob, dla_error *err)
{
  return dla_check_kind(blob->name, blob->bytes, blob->size, false, err);
}

void dla_blob_free(dla_blob *blob)
{
  free(blob->name);
  free(blob->bytes);
  free(blob->leads_to);
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
  return dla_fail_at(err, blob->name, offset, dla_dataset_address(blob->name), "%s", what);
}
