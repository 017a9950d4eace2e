#include "staging/unpack/unpack_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/archive_reason.h"
#include "base/gzip.h"

enum { CHUNK = 1 << 18, MOST_CHUNKS_BEHIND = 256 };

struct dla_unpack_input {
  const char *name;
  struct archive *archive;
  /* The first stage, which decompresses. Both are NULL if the file is not compressed. */
  dla_gzip *gzip;
  struct archive *filter;
  dla_status status; /* of the first stage */
  dla_error error;
  char chunk[CHUNK];
};

static const char damaged[] = "fetch it again; if it stays, the file is damaged";

/* Reads up to CHUNK decompressed bytes. Returns 0 at the end, a negative number after a failure. */
static la_ssize_t decompress(dla_unpack_input *in)
{
  size_t count = 0;
  if (in->gzip) {
    in->status = dla_gzip_read(in->gzip, in->chunk, CHUNK, &count, &in->error);
    return in->status ? -1 : (la_ssize_t)count;
  }
  la_ssize_t got = archive_read_data(in->filter, in->chunk, CHUNK);
  if (got < 0)
    in->status = dla_fail(&in->error, DLA_E_INPUT, in->name, damaged, "cannot decompress it: %s",
                          dla_archive_reason(in->filter));
  return got;
}

static la_ssize_t on_read(struct archive *a, void *context, const void **bytes)
{
  dla_unpack_input *in = context;
  la_ssize_t got = decompress(in);
  *bytes = in->chunk;
  if (got < 0) archive_set_error(a, EIO, "the input failed");
  return got;
}

static bool is_gzip(const char *path)
{
  unsigned char magic[2];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool gzip = read(fd, magic, 2) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  close(fd);
  return gzip;
}

/* Not archive_read_support_filter_all(): some of those filters run other programs. zlib
 * decompresses gzip, because libarchive (3.6) does not verify its checksum. */
static dla_status open_filter(dla_unpack_input *in, const char *path, dla_error *err)
{
  struct archive_entry *entry;
  if (is_gzip(path)) return dla_gzip_open(path, &in->gzip, err);
  struct archive *a = archive_read_new();
  if (!a) return dla_fail_memory(err, "an archive");
  in->filter = a;
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  archive_read_support_filter_lzma(a);
  archive_read_support_filter_lzip(a);
  archive_read_support_filter_lz4(a);
  archive_read_support_filter_zstd(a);
  archive_read_support_filter_compress(a);
  archive_read_support_format_raw(a);
  if (archive_read_open_filename(a, path, CHUNK) != ARCHIVE_OK ||
      archive_read_next_header(a, &entry) != ARCHIVE_OK)
    return dla_fail(err, DLA_E_INPUT, in->name, damaged, "cannot read it: %s",
                    dla_archive_reason(a));
  if (archive_filter_count(a) > 1) return DLA_OK; /* the last filter is the plain file */
  archive_read_free(a);
  in->filter = NULL;
  return DLA_OK;
}

static dla_status open_archive(dla_unpack_input *in, const char *path, dla_error *err)
{
  struct archive *a = archive_read_new();
  if (!a) return dla_fail_memory(err, "an archive");
  in->archive = a;
  archive_read_support_format_tar(a);
  archive_read_support_format_zip(a);
  archive_read_support_format_7zip(a);
  archive_read_support_format_raw(a); /* bids lowest: takes what no other format knows */
  int code = dla_unpack_is_compressed(in) ? archive_read_open(a, in, NULL, on_read, NULL)
                                          : archive_read_open_filename(a, path, CHUNK);
  return code == ARCHIVE_OK ? DLA_OK : dla_unpack_failure(in, "its start", err);
}

dla_status dla_unpack_open(const char *path, const char *name, dla_unpack_input **out,
                           dla_error *err)
{
  dla_unpack_input *in = calloc(1, sizeof *in);
  if (!in) return dla_fail_memory(err, "an archive");
  in->name = name;
  dla_status status = open_filter(in, path, err);
  if (!status) status = open_archive(in, path, err);
  if (status)
    dla_unpack_close(in);
  else
    *out = in;
  return status;
}

struct archive *dla_unpack_archive(dla_unpack_input *in)
{
  return in->archive;
}

bool dla_unpack_is_compressed(const dla_unpack_input *in)
{
  return in->gzip || in->filter;
}

dla_status dla_unpack_drain(dla_unpack_input *in, dla_error *err)
{
  la_ssize_t got = 1;
  for (int chunks = 0; dla_unpack_is_compressed(in) && got > 0; chunks++) {
    if (chunks == MOST_CHUNKS_BEHIND)
      return dla_fail(err, DLA_E_INPUT, in->name, damaged,
                      "there is more behind the archive's end");
    got = decompress(in);
  }
  if (got < 0 && err) *err = in->error;
  return got < 0 ? in->status : DLA_OK;
}

dla_status dla_unpack_failure(const dla_unpack_input *in, const char *what, dla_error *err)
{
  if (in->status) {
    if (err) *err = in->error;
    return in->status;
  }
  const char *reason = archive_error_string(in->archive);
  return dla_fail(err, DLA_E_INPUT, in->name, damaged, "cannot unpack %s: %s", what,
                  reason ? reason : "unknown error");
}

void dla_unpack_close(dla_unpack_input *in)
{
  if (!in) return;
  if (in->archive) archive_read_free(in->archive);
  if (in->filter) archive_read_free(in->filter);
  dla_gzip_close(in->gzip);
  free(in);
}
