#include "staging/transfer/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "staging/unpack/utf8_locale.h"

enum { CHUNK = 1 << 18 };

static dla_status failure(struct archive *a, const char *zip, dla_error *err)
{
  return dla_fail(err, DLA_E_IO, zip, NULL, "cannot write the zip: %s", archive_error_string(a));
}

static dla_status add_bytes(struct archive *a, int file, const char *path, const char *zip,
                            dla_error *err)
{
  char *chunk = malloc(CHUNK);
  if (!chunk) return dla_fail_memory(err, "a zip");
  dla_status status = DLA_OK;
  while (!status) {
    ssize_t got = read(file, chunk, CHUNK);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) status = dla_fail_errno(err, path, "read");
    if (got <= 0) break;
    if (archive_write_data(a, chunk, (size_t)got) != got) status = failure(a, zip, err);
  }
  free(chunk);
  return status;
}

static dla_status add_file(struct archive *a, const char *path, const char *key, const char *zip,
                           dla_error *err)
{
  struct stat info;
  struct archive_entry *entry = archive_entry_new();
  int file = open(path, O_RDONLY | O_CLOEXEC);
  dla_status status = entry ? DLA_OK : dla_fail_memory(err, "a zip");
  if (!status && (file < 0 || fstat(file, &info))) status = dla_fail_errno(err, path, "open");
  if (!status) {
    archive_entry_copy_stat(entry, &info);
    archive_entry_copy_pathname(entry, key);
    if (archive_write_header(a, entry) < ARCHIVE_WARN) status = failure(a, zip, err);
  }
  if (!status) status = add_bytes(a, file, path, zip, err);
  if (file >= 0) close(file);
  archive_entry_free(entry);
  return status;
}

dla_status dla_zip_folder(const char *folder, const dla_objects *files, const char *zip,
                          dla_error *err)
{
  struct archive *a = archive_write_new();
  if (!a) return dla_fail_memory(err, "a zip");
  archive_write_set_format_zip(a);
  dla_utf8_locale locale = dla_utf8_locale_enter();
  dla_status status = DLA_OK;
  if (archive_write_open_filename(a, zip) != ARCHIVE_OK) status = failure(a, zip, err);
  for (size_t i = 0; !status && i < files->count; i++) {
    char *path = dla_join_path(folder, files->item[i].key);
    status = path ? add_file(a, path, files->item[i].key, zip, err)
                  : dla_fail_memory(err, "a file name");
    free(path);
  }
  if (archive_write_close(a) < ARCHIVE_WARN && !status) status = failure(a, zip, err);
  archive_write_free(a);
  dla_utf8_locale_leave(locale);
  return status;
}
