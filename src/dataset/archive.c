#include "dataset/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/gzip.h"

enum { CHUNK = 1 << 18 };

/* gzip is undone by zlib and not by libarchive, which (3.6, archive_read_support_filter_gzip.c)
 * does not verify the checksum. What is no gzip passes through. */
typedef struct input {
  dla_gzip *file;
  dla_status status;
  dla_error *err;
  size_t held; /* bytes of members in memory */
  const char *path;
  uint8_t chunk[CHUNK];
} input;

static la_ssize_t on_read(struct archive *a, void *context, const void **bytes)
{
  input *in = context;
  size_t count = 0;
  in->status = dla_gzip_read(in->file, in->chunk, sizeof in->chunk, &count, in->err);
  *bytes = in->chunk;
  if (in->status == DLA_OK) return (la_ssize_t)count;
  archive_set_error(a, -1, "the input failed");
  return -1;
}

/* Tells why libarchive gave up: our own error if reading failed, else its words. */
static dla_status failure(const input *in, struct archive *a, const char *member)
{
  if (in->status != DLA_OK) return in->status;
  const char *reason = archive_error_string(a);
  return dla_fail(in->err, DLA_E_INPUT, in->path, "give a tar archive, or the folder it holds",
                  "cannot read %s of the archive: %s", member, reason ? reason : "unknown error");
}

static dla_status read_member(input *in, struct archive *a, struct archive_entry *entry,
                              const char *name, dla_blob *blob)
{
  int64_t size = archive_entry_size(entry);
  if (blob->name)
    return dla_fail(in->err, DLA_E_INPUT, in->path, NULL, "the archive holds %s twice", name);
  if (size < 0 || (uint64_t)size > DLA_BLOB_MAX - in->held)
    return dla_fail(in->err, DLA_E_INPUT, in->path, "use the original archive",
                    "%s is said to have %lld bytes", name, (long long)size);
  size_t length = strlen(in->path) + strlen(name) + 3;
  blob->name = malloc(length);
  blob->bytes = malloc((size_t)size + 1);
  if (!blob->name || !blob->bytes) return dla_fail_memory(in->err, name);
  snprintf(blob->name, length, "%s: %s", in->path, name);
  la_ssize_t got = archive_read_data(a, blob->bytes, (size_t)size);
  if (got < 0) return failure(in, a, name);
  blob->size = (size_t)got;
  in->held += blob->size;
  if (blob->size == (size_t)size) return DLA_OK;
  return dla_blob_fail(blob, blob->size, in->err, "the file is cut short: it needs %lld bytes",
                       (long long)size);
}

static dla_status read_members(input *in, struct archive *a, dla_archive_choose *choose,
                               void *context)
{
  struct archive_entry *entry;
  int code;
  while ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN) {
    const char *path = archive_entry_pathname(entry);
    if (!path || archive_entry_filetype(entry) != AE_IFREG) continue;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    dla_blob *blob = choose(context, name);
    dla_status status = blob ? read_member(in, a, entry, name, blob) : DLA_OK;
    if (status != DLA_OK) return status;
  }
  return code == ARCHIVE_EOF ? DLA_OK : failure(in, a, "the next file");
}

/* A tar ends before its file does; the checksum comes last. */
static dla_status read_to_end(input *in)
{
  size_t count;
  dla_status status;
  do
    status = dla_gzip_read(in->file, in->chunk, sizeof in->chunk, &count, in->err);
  while (status == DLA_OK && count > 0);
  return status;
}

/* Not archive_read_support_filter_all(), which includes filters that run other programs. */
static struct archive *new_reader(void)
{
  struct archive *a = archive_read_new();
  if (!a) return NULL;
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  archive_read_support_filter_zstd(a);
  archive_read_support_format_tar(a);
  return a;
}

static dla_status read_archive(input *in, dla_archive_choose *choose, void *context)
{
  struct archive *a = new_reader();
  if (!a) return dla_fail_memory(in->err, in->path);
  dla_status status = DLA_OK;
  if (archive_read_open(a, in, NULL, on_read, NULL) != ARCHIVE_OK)
    status = failure(in, a, "the start");
  if (status == DLA_OK) status = read_members(in, a, choose, context);
  if (status == DLA_OK) status = read_to_end(in);
  archive_read_free(a);
  return status;
}

dla_status dla_archive_read(const char *path, dla_archive_choose *choose, void *context,
                            dla_error *err)
{
  input *in = malloc(sizeof *in);
  if (!in) return dla_fail_memory(err, path);
  in->file = NULL;
  in->status = DLA_OK;
  in->err = err;
  in->held = 0;
  in->path = path;
  dla_status status = dla_gzip_open(path, &in->file, err);
  if (status == DLA_OK) status = read_archive(in, choose, context);
  dla_gzip_close(in->file);
  free(in);
  return status;
}
