#include "checkpoint/zip_read.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/archive_reason.h"
#include "base/array.h"
#include "base/path.h"
#include "base/try.h"
#include "base/utf8_locale.h"

/* Limits for all members: so many times the file, and so many bytes. Deflated weights shrink
 * little, but momentum of zeros shrinks to nothing. */
enum { INFLATED = 8, INFLATED_FREE = 64 << 20 };

struct dla_zip {
  dla_zip_member *member; /* sorted by name once all are read */
  size_t count, capacity;
};

typedef struct reader {
  const char *where;
  struct archive *archive;
  dla_zip *zip;
  size_t left;  /* bytes that members may still take */
  bool has_end; /* of a zip archive, where its members are listed */
  dla_error *err;
} reader;

void dla_zip_free(void *memory)
{
  dla_zip *zip = memory;
  if (!zip) return;
  for (size_t i = 0; i < zip->count; i++) {
    free(zip->member[i].name);
    free(zip->member[i].bytes);
  }
  free(zip->member);
  free(zip);
}

static dla_status damaged(const reader *r, const char *name, const char *what)
{
  return dla_fail(r->err, DLA_E_INPUT, r->where, "compare its size with the original's",
                  "'%.200s': %s", name, what);
}

static dla_status add_member(reader *r, const char *name, size_t size, dla_zip_member **member)
{
  dla_zip *zip = r->zip;
  if (!DLA_ARRAY_RESERVE(zip->member, zip->capacity, zip->count, 1))
    return dla_fail_memory(r->err, r->where);
  *member = &zip->member[zip->count++];
  **member = (dla_zip_member){strdup(name), malloc(size + 1), size};
  if (!(*member)->name || !(*member)->bytes) return dla_fail_memory(r->err, r->where);
  return DLA_OK;
}

/* Files that macOS and file managers add. */
static bool is_junk(const char *name)
{
  const char *last = dla_path_name(name);
  return strncmp(name, "__MACOSX/", 9) == 0 || strncmp(last, "._", 2) == 0 ||
         strcmp(last, ".DS_Store") == 0 || strcmp(last, "Thumbs.db") == 0;
}

static dla_status read_member(reader *r, struct archive_entry *entry)
{
  const char *name = archive_entry_pathname(entry);
  int64_t size = archive_entry_size(entry);
  if (!name) return damaged(r, "?", "a member has no name");
  if (archive_entry_filetype(entry) == AE_IFDIR || is_junk(name)) return DLA_OK;
  if (archive_entry_filetype(entry) != AE_IFREG) return damaged(r, name, "is no file");
  if (archive_entry_is_encrypted(entry)) return damaged(r, name, "is encrypted");
  if (!archive_entry_size_is_set(entry) || size < 0 || (uint64_t)size > r->left)
    return damaged(r, name, "is said to be larger than such an archive can be");
  dla_zip_member *member = NULL;
  TRY(add_member(r, name, (size_t)size, &member));
  r->left -= (size_t)size;
  /* Asking for one byte more reaches the end, where libarchive checks the CRC-32. */
  la_ssize_t got = archive_read_data(r->archive, member->bytes, (size_t)size + 1);
  if (got < 0) return damaged(r, name, dla_archive_reason(r->archive));
  return got == size ? DLA_OK : damaged(r, name, "is not as long as it is said to be");
}

static int by_name(const void *a, const void *b)
{
  return strcmp(((const dla_zip_member *)a)->name, ((const dla_zip_member *)b)->name);
}

/* The end is 22 bytes and a comment of at most 64 KB. */
static bool find_end(const char *bytes, size_t count)
{
  enum { LAST = 22 + 65535 };
  for (size_t at = count > LAST ? count - LAST : 0; at + 4 <= count; at++)
    if (memcmp(bytes + at, "PK\5\6", 4) == 0) return true;
  return false;
}

static dla_status fail_archive(const reader *r)
{
  const char *reason = dla_archive_reason(r->archive);
  if (r->has_end)
    return dla_fail(r->err, DLA_E_INPUT, r->where,
                    "get it again, as binary data: line ends may have been changed",
                    "the zip archive is not as it was written: %s", reason);
  if (!strstr(reason, "Unrecognized archive format")) return damaged(r, "zip", reason);
  return dla_fail(r->err, DLA_E_INPUT, r->where,
                  "the download or copy stopped early: compare its size with the original's",
                  "the zip archive has no end: it is cut short");
}

static dla_status read_members(reader *r)
{
  struct archive_entry *entry;
  int code;
  while ((code = archive_read_next_header(r->archive, &entry)) == ARCHIVE_OK) {
    TRY(read_member(r, entry));
  }
  if (code != ARCHIVE_EOF) return fail_archive(r);
  dla_zip *zip = r->zip;
  if (zip->count) qsort(zip->member, zip->count, sizeof *zip->member, by_name);
  for (size_t i = 1; i < zip->count; i++)
    if (by_name(&zip->member[i - 1], &zip->member[i]) == 0)
      return damaged(r, zip->member[i].name, "is there twice");
  return DLA_OK;
}

static dla_status open_and_read(reader *r, const void *bytes, size_t count)
{
  if (archive_read_support_format_zip_seekable(r->archive) != ARCHIVE_OK ||
      archive_read_open_memory(r->archive, bytes, count) != ARCHIVE_OK)
    return fail_archive(r);
  return read_members(r);
}

dla_status dla_zip_read(const char *where, const void *bytes, size_t count, dla_zip **zip,
                        dla_error *err)
{
  size_t most =
      count > (SIZE_MAX - INFLATED_FREE) / INFLATED ? SIZE_MAX : INFLATED * count + INFLATED_FREE;
  reader r = {where, archive_read_new(),     calloc(1, sizeof(dla_zip)),
              most,  find_end(bytes, count), err};
  /* torch.save puts the file's own name before every member's. */
  dla_utf8_locale locale = dla_utf8_locale_enter();
  dla_status status =
      r.archive && r.zip ? open_and_read(&r, bytes, count) : dla_fail_memory(err, where);
  archive_read_free(r.archive);
  dla_utf8_locale_leave(locale);
  if (status)
    dla_zip_free(r.zip);
  else
    *zip = r.zip;
  return status;
}

const dla_zip_member *dla_zip_find(const dla_zip *zip, const char *name)
{
  const dla_zip_member key = {.name = (char *)(uintptr_t)name};
  return zip->count ? bsearch(&key, zip->member, zip->count, sizeof key, by_name) : NULL;
}

const dla_zip_member *dla_zip_find_end(const dla_zip *zip, const char *end)
{
  for (size_t i = 0; i < zip->count; i++) {
    const char *name = zip->member[i].name;
    size_t length = strlen(name), tail = strlen(end);
    if (length >= tail && strcmp(name + length - tail, end) == 0) return &zip->member[i];
  }
  return NULL;
}
