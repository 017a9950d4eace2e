#include "staging/transfer/zip.h"

#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/archive_reason.h"
#include "base/path.h"
#include "base/utf8_locale.h"

enum { CHUNK = 1 << 18 };

typedef struct zipping {
  struct archive *archive;
  const char *zip; /* its name */
  bool *shrank;
  dla_error *err;
} zipping;

static dla_status failure(const zipping *z)
{
  return dla_fail(z->err, DLA_E_IO, z->zip, NULL, "cannot write the zip: %s",
                  dla_archive_reason(z->archive));
}

/* Adds as many bytes as the header says, also of a file that grows meanwhile. */
static dla_status add_bytes(const zipping *z, int file, const char *path, off_t left)
{
  char *chunk = malloc(CHUNK);
  if (!chunk) return dla_fail_memory(z->err, "a zip");
  dla_status status = DLA_OK;
  while (!status && left > 0) {
    ssize_t got = read(file, chunk, left < CHUNK ? (size_t)left : CHUNK);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0 && archive_write_data(z->archive, chunk, (size_t)got) != got) status = failure(z);
    if (got < 0) status = dla_fail_errno(z->err, path, "read");
    if (got == 0) {
      *z->shrank = true;
      status = dla_fail(z->err, DLA_E_IO, path, "push it again when it is complete",
                        "the file became shorter while it was put into the zip");
    }
    left -= got;
  }
  free(chunk);
  return status;
}

static dla_status add_file(const zipping *z, const char *path, const char *key)
{
  struct stat info;
  struct archive_entry *entry = archive_entry_new();
  int file = open(path, O_RDONLY | O_CLOEXEC);
  dla_status status = entry ? DLA_OK : dla_fail_memory(z->err, "a zip");
  if (!status && (file < 0 || fstat(file, &info))) status = dla_fail_errno(z->err, path, "open");
  if (!status) {
    archive_entry_copy_stat(entry, &info);
    archive_entry_copy_pathname(entry, key);
    if (archive_write_header(z->archive, entry) < ARCHIVE_WARN) status = failure(z);
  }
  if (!status) status = add_bytes(z, file, path, info.st_size);
  if (file >= 0) close(file);
  archive_entry_free(entry);
  return status;
}

dla_status dla_zip_folder(const char *folder, const dla_objects *files, const char *zip,
                          bool *shrank, dla_error *err)
{
  *shrank = false;
  struct archive *a = archive_write_new();
  if (!a) return dla_fail_memory(err, "a zip");
  const zipping z = {.archive = a, .zip = zip, .shrank = shrank, .err = err};
  archive_write_set_format_zip(a);
  dla_utf8_locale locale = dla_utf8_locale_enter();
  dla_status status = DLA_OK;
  if (archive_write_open_filename(a, zip) != ARCHIVE_OK) status = failure(&z);
  for (size_t i = 0; !status && i < files->count; i++) {
    char *path = dla_join_path(folder, files->item[i].key);
    status = path ? add_file(&z, path, files->item[i].key) : dla_fail_memory(err, "a file name");
    free(path);
  }
  if (archive_write_close(a) < ARCHIVE_WARN && !status) status = failure(&z);
  archive_write_free(a);
  dla_utf8_locale_leave(locale);
  return status;
}
