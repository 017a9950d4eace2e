#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive_entry.h>

#include "base/path.h"
#include "base/try.h"
#include "data/address.h"
#include "data/pictures/listing.h"
#include "data/sources/archive_input.h"
#include "data/sources/member_name.h"

/* Links are resolved by searching from the start, hence the limit. */
enum { LINKS_MAX = 10000 };

typedef struct reading {
  dla_picture_list *list;
  const char *path;
  dla_archive_input *in;
  const uint8_t *map; /* the mapped archive; NULL: it is read through gzip */
  size_t map_size;
  int fd, place[2];    /* place[]: of members in the archive, and of members in memory; -1: none
                        * yet */
  uint64_t held, most; /* bytes in memory */
  bool other, any;
  int links;
  dla_error *err;
} reading;

/* ---- Names ---- */

/* Removes "." and empty parts from a member's path. False: a hidden file, or a path that leads
 * out of the archive. */
static bool clean(char *path)
{
  char *out = path, *rest = NULL;
  for (char *part = strtok_r(path, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
    const size_t length = strlen(part);
    if (strcmp(part, ".") == 0) continue;
    if (strcmp(part, "..") == 0 || dla_name_is_hidden(part, length) ||
        strcmp(part, "Thumbs.db") == 0)
      return false;
    if (out > path) *out++ = '/';
    memmove(out, part, length);
    out += length;
  }
  *out = '\0';
  return out > path;
}

static dla_status add(reading *r, const char *path, int kind, dla_picture_entry **entry)
{
  const char *name = dla_path_name(path);
  const size_t length = name > path ? (size_t)(name - path) - 1 : 0;
  uint32_t folder;
  int *place = &r->place[kind == DLA_PLACE_MEMORY];
  if (*place < 0) {
    /* The file is read again only for members that lie in it. */
    const int fd = kind == DLA_PLACE_ARCHIVE ? fcntl(r->fd, F_DUPFD_CLOEXEC, 0) : -1;
    TRY(dla_picture_list_place(r->list, r->path, kind, fd, place, r->err));
  }
  TRY(dla_picture_list_folder(r->list, *place, path, length, &folder, r->err));
  return dla_picture_list_add(r->list, *place, folder, name, entry, r->err);
}

/* ---- Bytes ---- */

typedef struct member {
  uint8_t *bytes; /* in memory; NULL: in the archive */
  uint64_t at, size;
  bool is_picture, is_table, too_large;
  char failure[128];
} member;

static dla_status append(reading *r, member *m, size_t *capacity, const void *block, size_t size,
                         int64_t offset)
{
  if (offset < 0 || (uint64_t)offset > DLA_PICTURE_BYTES_MAX - m->size ||
      size > DLA_PICTURE_BYTES_MAX - (uint64_t)offset) {
    m->too_large = true;
    return DLA_OK;
  }
  const size_t end = (size_t)offset + size;
  if (r->held + end > r->most)
    return dla_fail(r->err, DLA_E_INPUT, r->path,
                    "make a plain tar of it: dla-train data pack FOLDER FILE.tar",
                    "its pictures need more than %llu MB: of a compressed archive they are kept "
                    "in memory",
                    (unsigned long long)(r->most >> 20));
  if (end > *capacity) {
    const size_t wanted = end > 2 * *capacity ? end : 2 * *capacity;
    uint8_t *more = realloc(m->bytes, wanted);
    if (!more) return dla_fail_memory(r->err, r->path);
    m->bytes = more;
    *capacity = wanted;
  }
  memset(m->bytes + m->size, 0, end > m->size ? (size_t)((uint64_t)offset - m->size) : 0);
  if (size) memcpy(m->bytes + offset, block, size); /* an empty block may be NULL */
  if (end > m->size) m->size = end;
  return DLA_OK;
}

static bool lies_in(const reading *r, const void *block, size_t size)
{
  const uintptr_t at = (uintptr_t)block, from = (uintptr_t)r->map;
  return r->map && at >= from && at < from + r->map_size && size <= from + r->map_size - at;
}

/* May it be a table of labels, or a label? */
static bool is_table_name(const char *name)
{
  return dla_is_shard_label(name) ||
         (dla_is_csv_name(name) && dla_table_rank(name) > 0 && !dla_path_ends(name, ".gz"));
}

/* Reads a member that may be a picture, or a table. It reads only the first block of others. */
static dla_status read_member(reading *r, struct archive_entry *entry, const char *name, member *m)
{
  struct archive *a = dla_archive_reader(r->in);
  const uint64_t size = archive_entry_size_is_set(entry) ? (uint64_t)archive_entry_size(entry) : 0;
  size_t capacity = 0;
  for (bool first = true;; first = false) {
    const void *block;
    size_t count;
    la_int64_t offset;
    const int code = archive_read_data_block(a, &block, &count, &offset);
    if (code == ARCHIVE_EOF) break;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
      const char *why = archive_error_string(a);
      const bool locked = why && (strstr(why, "encrypted") || strstr(why, "Passphrase"));
      if (code == ARCHIVE_FATAL) return dla_archive_failure(r->in, name, r->err);
      if (locked) {
        snprintf(m->failure, sizeof m->failure, "the archive is encrypted");
        break;
      }
      snprintf(m->failure, sizeof m->failure, "cannot read it from the archive: %s",
               why ? why : "it is not as it was written");
      break;
    }
    if (first) {
      m->is_picture = dla_picture_is_one(block, count) || dla_is_picture_name(name);
      m->is_table = !m->is_picture && is_table_name(name);
      if (!m->is_picture && !m->is_table) break;
      if (!m->is_table && size && count == size && offset == 0 && lies_in(r, block, count)) {
        m->at = (uint64_t)((const uint8_t *)block - r->map);
        m->size = size;
        break;
      }
    }
    TRY(append(r, m, &capacity, block, count, offset));
    if (m->too_large) break;
  }
  m->is_picture |= dla_is_picture_name(name); /* an empty member has no block */
  return DLA_OK;
}

static dla_status keep(reading *r, struct archive_entry *entry, const char *path, member *m)
{
  dla_picture_entry *made;
  const bool in_memory = m->bytes || m->at == 0;
  TRY(add(r, path, in_memory ? DLA_PLACE_MEMORY : DLA_PLACE_ARCHIVE, &made));
  made->at = in_memory ? (uint64_t)(uintptr_t)m->bytes : m->at;
  made->size = m->size;
  made->changed = (int64_t)archive_entry_mtime(entry) * 1000000000;
  r->held += in_memory ? m->size : 0;
  m->bytes = NULL; /* now the list's */
  r->any |= m->is_picture;
  if (m->too_large && !m->is_table)
    return dla_picture_leave_out(r->list, made, "the file is larger than 256 MB", "shrink it",
                                 r->err);
  if (m->failure[0])
    return dla_picture_leave_out(r->list, made, m->failure,
                                 "unpack it, with 7z x if it has a password, and give the folder",
                                 r->err);
  if (m->too_large) made->size = 0;
  if (!m->is_picture) made->state = DLA_PICTURE_PASSED;
  return DLA_OK;
}

/* A link becomes a file with the bytes of its target, which must come before it. */
static dla_status keep_link(reading *r, const char *path, const char *target)
{
  if (r->links++ == LINKS_MAX)
    return dla_fail(r->err, DLA_E_INPUT, r->path, "pack it anew, with tar -h",
                    "more than %d of its members are links", LINKS_MAX);
  char *clear = strdup(target);
  if (!clear) return dla_fail_memory(r->err, r->path);
  const bool inside = clean(clear);
  size_t found = r->list->count;
  const char *name = dla_path_name(clear);
  const size_t length = name > clear ? (size_t)(name - clear) - 1 : 0;
  for (size_t i = 0; inside && i < r->list->count && found == r->list->count; i++) {
    const dla_picture_entry *e = &r->list->entries[i];
    const char *folder = r->list->folders[e->folder].path;
    if (strcmp(dla_picture_name(r->list, e), name) == 0 && strlen(folder) == length &&
        strncmp(folder, clear, length) == 0)
      found = i;
  }
  free(clear);
  if (found == r->list->count) return DLA_OK;
  const dla_picture_entry from = r->list->entries[found];
  if (from.state != DLA_PICTURE_LISTED) return DLA_OK;
  dla_picture_entry *made;
  TRY(add(r, path, r->list->places[from.place].kind, &made));
  made->at = from.at;
  made->size = from.size;
  made->changed = from.changed;
  if (r->list->places[from.place].kind != DLA_PLACE_MEMORY) return DLA_OK;
  uint8_t *copy = malloc(from.size + 1);
  if (copy && from.size) memcpy(copy, (const void *)(uintptr_t)from.at, from.size);
  made->at = (uint64_t)(uintptr_t)copy;
  return copy ? DLA_OK : dla_fail_memory(r->err, r->path);
}

/* A symbolic link's target is relative to the link's own folder. */
static dla_status link_to(reading *r, const char *path, const char *symbolic)
{
  const char *name = dla_path_name(path);
  const char *target = symbolic;
  size_t length = (size_t)(name - path);
  for (; strncmp(target, "../", 3) == 0 && length; target += 3)
    for (length--; length && path[length - 1] != '/';)
      length--;
  const size_t size = length + strlen(target) + 1;
  char *joined = malloc(size);
  if (!joined) return dla_fail_memory(r->err, r->path);
  memcpy(joined, path, length);
  memcpy(joined + length, target, size - length);
  dla_status status = *symbolic == '/' ? DLA_OK : keep_link(r, path, joined);
  free(joined);
  return status;
}

static dla_status read_entry(reading *r, struct archive_entry *entry, char *path)
{
  const char *hard = archive_entry_hardlink(entry);
  const char *symbolic =
      archive_entry_filetype(entry) == AE_IFLNK ? archive_entry_symlink(entry) : NULL;
  if (hard) return keep_link(r, path, hard);
  if (symbolic) return link_to(r, path, symbolic);
  if (archive_entry_filetype(entry) != AE_IFREG) return DLA_OK;
  const char *name = dla_path_name(path);
  if (!r->any && (dla_is_member_name(name) || dla_is_archive_name(name))) {
    r->other = true;
    return DLA_OK;
  }
  member m = {0};
  dla_status status = read_member(r, entry, name, &m);
  if (!status) status = keep(r, entry, path, &m);
  free(m.bytes);
  return status;
}

static dla_status read_entries(reading *r)
{
  struct archive *a = dla_archive_reader(r->in);
  struct archive_entry *entry;
  int code = ARCHIVE_OK;
  while (!r->other &&
         ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN)) {
    const char *name = archive_entry_pathname(entry);
    if (!name) name = archive_entry_pathname_utf8(entry);
    char *path = name ? strdup(name) : NULL;
    if (name && !path) return dla_fail_memory(r->err, r->path);
    dla_status status = path && clean(path) ? read_entry(r, entry, path) : DLA_OK;
    free(path);
    if (status) return status;
  }
  if (r->other) return DLA_OK;
  if (code != ARCHIVE_EOF) return dla_archive_failure(r->in, "the next file", r->err);
  return dla_archive_drain(r->in, r->err);
}

/* ---- The archive ---- */

/* zlib verifies the checksum of gzip archives (archive_input.c). libarchive reads the others in
 * place. */
static dla_status open_archive(reading *r, size_t size)
{
  uint8_t start[2] = {0};
  const bool gzip = pread(r->fd, start, 2, 0) == 2 && start[0] == 0x1f && start[1] == 0x8b;
  if (gzip || size == 0) return dla_archive_open(r->path, &r->in, r->err);
  void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, r->fd, 0);
  if (map == MAP_FAILED) return dla_fail_errno(r->err, r->path, "map it");
  r->map = map;
  r->map_size = size;
  return dla_archive_open_bytes(r->path, map, size, &r->in, r->err);
}

/* Half of the machine's memory; the rest is for the network. */
static uint64_t memory_for_pictures(void)
{
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page / 2 : UINT64_C(4) << 30;
}

dla_status dla_picture_list_from_archive(dla_picture_list *list, const char *path, bool *other,
                                         dla_error *err)
{
  struct stat info;
  reading r = {.list = list,
               .path = path,
               .fd = open(path, O_RDONLY | O_CLOEXEC),
               .place = {-1, -1},
               .most = memory_for_pictures(),
               .err = err};
  if (r.fd < 0 || fstat(r.fd, &info) != 0) {
    dla_status status = dla_fail_errno(err, path, "open it");
    if (r.fd >= 0) close(r.fd);
    return status;
  }
  dla_status status = open_archive(&r, (size_t)info.st_size);
  if (!status) status = read_entries(&r);
  dla_archive_close(r.in);
  if (r.map) munmap((void *)(uintptr_t)r.map, r.map_size);
  close(r.fd);
  if (r.any && status == DLA_E_INPUT && err && strcmp(err->hint, dla_dataset_address(path)) == 0)
    snprintf(err->hint, sizeof err->hint, "get it again, or pack it anew");
  /* an archive without pictures is for others to read, or to explain */
  *other = !r.any;
  return r.any ? status : DLA_OK;
}
