#include "data/sources/archive_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gzip.h"
#include "base/try.h"
#include "base/utf8_locale.h"
#include "data/address.h"
#include "data/blob.h"
#include "data/sources/unread.h"

enum { CHUNK = 1 << 18, FIRST_BYTES = 1024 };

/* zlib decompresses gzip here: libarchive does not verify its checksum (3.6,
 * archive_read_support_filter_gzip.c). Other files are opened by libarchive itself, since zip
 * needs to seek. A pipe can be read only once, so it always goes through zlib, which passes on
 * other data unchanged. */
struct dla_archive_input {
  const char *path;
  struct archive *archive;
  dla_gzip *gzip;
  dla_status status; /* of reading gzip */
  dla_error error;
  dla_utf8_locale locale; /* while it is open: zip's and 7z's names need one */
  uint8_t chunk[CHUNK];
};

/* Replaces gzip's hint by the data set's address. */
static dla_status pass_on(const dla_archive_input *in, dla_error *err)
{
  if (!err) return in->status;
  *err = in->error;
  if (in->status == DLA_E_INPUT)
    snprintf(err->hint, sizeof err->hint, "%s", dla_dataset_address(in->path));
  return in->status;
}

static la_ssize_t on_read(struct archive *a, void *context, const void **bytes)
{
  dla_archive_input *in = context;
  size_t count = 0;
  in->status = dla_gzip_read(in->gzip, in->chunk, sizeof in->chunk, &count, &in->error);
  *bytes = in->chunk;
  if (in->status == DLA_OK) return (la_ssize_t)count;
  archive_set_error(a, EIO, "the input failed");
  return -1;
}

dla_status dla_archive_failure(const dla_archive_input *in, const char *what, dla_error *err)
{
  char parts[DLA_UNREAD];
  if (dla_split_archive_hint(in->path, parts))
    return dla_fail(err, DLA_E_INPUT, in->path, parts, "it is one part of a split archive");
  if (in->status != DLA_OK) return pass_on(in, err);
  const char *reason = archive_error_string(in->archive), *hint = dla_dataset_address(in->path);
  bool cut = reason && (strstr(reason, "runcated") || strstr(reason, "end of file") ||
                        strstr(reason, "failed (-5)")); /* zlib's Z_BUF_ERROR */
  if (cut)
    return dla_fail(err, DLA_E_INPUT, in->path, hint, "the archive is cut short: it ends within %s",
                    what);
  if (reason && (strstr(reason, "encrypted") || strstr(reason, "Passphrase")))
    return dla_fail(err, DLA_E_INPUT, in->path, "unpack it with its password: 7z x ARCHIVE",
                    "the archive is encrypted");
  const bool other = reason && strstr(reason, "Unrecognized archive format");
  if (other && dla_unread_kind(in->path))
    return dla_fail(err, DLA_E_INPUT, in->path, dla_unread_hint, "it is %s, which is not read",
                    dla_unread_kind(in->path));
  if (other)
    return dla_fail(err, DLA_E_INPUT, in->path,
                    "give a tar, zip or 7z archive, or the folder it holds",
                    "this is no archive, and no file of a data set known here");
  return dla_fail(err, DLA_E_INPUT, in->path, hint, "cannot read %s of the archive: %s", what,
                  reason && !strstr(reason, "amaged") ? reason : "it is not as it was written");
}

/* Not archive_read_support_filter_all(): some of its filters run other programs. */
static struct archive *new_reader(void)
{
  struct archive *a = archive_read_new();
  if (!a) return NULL;
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  archive_read_support_filter_zstd(a);
  archive_read_support_filter_lz4(a);
  archive_read_support_format_tar(a);
  archive_read_support_format_zip(a);
  archive_read_support_format_7zip(a);
  return a;
}

static dla_status first_bytes(const char *path, char bytes[FIRST_BYTES], size_t *count,
                              dla_error *err)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return dla_fail_errno(err, path, "open it");
  ssize_t got = read(fd, bytes, FIRST_BYTES);
  dla_status status = got < 0 ? dla_fail_errno(err, path, "read it") : DLA_OK;
  close(fd);
  *count = got < 0 ? 0 : (size_t)got;
  return status;
}

static dla_status open_reader(dla_archive_input *in, dla_error *err)
{
  char bytes[FIRST_BYTES];
  size_t count = 0;
  struct stat info;
  const bool pipe = stat(in->path, &info) == 0 && S_ISFIFO(info.st_mode);
  if (!pipe) TRY(first_bytes(in->path, bytes, &count, err));
  if (!pipe) TRY(dla_check_kind(in->path, bytes, count, true, err));
  in->archive = new_reader();
  if (!in->archive) return dla_fail_memory(err, in->path);
  const bool gzip = pipe || (count > 1 && memcmp(bytes, "\x1f\x8b", 2) == 0);
  if (gzip) TRY(dla_gzip_open(in->path, &in->gzip, err));
  int code = gzip ? archive_read_open(in->archive, in, NULL, on_read, NULL)
                  : archive_read_open_filename(in->archive, in->path, CHUNK);
  return code == ARCHIVE_OK ? DLA_OK : dla_archive_failure(in, "its start", err);
}

dla_status dla_archive_open(const char *path, dla_archive_input **input, dla_error *err)
{
  dla_archive_input *in = calloc(1, sizeof *in);
  if (!in) return dla_fail_memory(err, path);
  in->path = path;
  in->locale = dla_utf8_locale_enter();
  dla_status status = open_reader(in, err);
  if (status)
    dla_archive_close(in);
  else
    *input = in;
  return status;
}

dla_status dla_archive_open_bytes(const char *path, const void *bytes, size_t size,
                                  dla_archive_input **input, dla_error *err)
{
  TRY(dla_check_kind(path, bytes, size < FIRST_BYTES ? size : FIRST_BYTES, true, err));
  dla_archive_input *in = calloc(1, sizeof *in);
  if (!in) return dla_fail_memory(err, path);
  in->path = path;
  in->locale = dla_utf8_locale_enter();
  in->archive = new_reader();
  dla_status status = in->archive ? DLA_OK : dla_fail_memory(err, path);
  if (!status && archive_read_open_memory(in->archive, bytes, size) != ARCHIVE_OK)
    status = dla_archive_failure(in, "its start", err);
  if (status)
    dla_archive_close(in);
  else
    *input = in;
  return status;
}

struct archive *dla_archive_reader(dla_archive_input *input)
{
  return input->archive;
}

dla_status dla_archive_drain(dla_archive_input *in, dla_error *err)
{
  size_t count = 1;
  while (in->gzip && in->status == DLA_OK && count > 0)
    in->status = dla_gzip_read(in->gzip, in->chunk, sizeof in->chunk, &count, &in->error);
  return in->status ? pass_on(in, err) : DLA_OK;
}

void dla_archive_close(dla_archive_input *in)
{
  if (!in) return;
  if (in->archive) archive_read_free(in->archive);
  dla_gzip_close(in->gzip);
  dla_utf8_locale_leave(in->locale);
  free(in);
}
