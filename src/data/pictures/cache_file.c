#define _GNU_SOURCE /* qsort_r() */
#include "data/pictures/cache_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/hash.h"
#include "base/make_folder.h"
#include "base/try.h"
#include "base/write_at.h"
#include "data/pictures/crew.h"
#include "data/pictures/load.h"
#include "data/pictures/scan.h"
#include "data/pictures/shrink.h"

static const char magic[8] = "DLAPICT2";
enum { NOWHERE = 1 }; /* for pictures that could not be decoded */

typedef struct header {
  char magic[8];
  uint64_t side, count, bytes;
} header;

typedef struct row {
  uint64_t name, size, changed, at;
  uint32_t width, height; /* 0: no picture */
  uint64_t format;
} row;

struct dla_cache_file {
  uint8_t *map;
  size_t size;
  const row *rows;
};

static uint64_t pixel_bytes(const dla_picture_entry *entry, int side)
{
  const dla_cache_size size = dla_cache_size_of(entry, side);
  return 3 * (uint64_t)size.width * (uint64_t)size.height;
}

static bool is_in_it(const dla_picture_entry *entry)
{
  return entry->state == DLA_PICTURE_GOOD && entry->side != DLA_SIDE_NONE;
}

static row row_of(const dla_picture_list *list, const dla_picture_entry *entry)
{
  const char *folder = list->folders[entry->folder].path, *name = dla_picture_name(list, entry);
  uint64_t hash = dla_hash(DLA_HASH_EMPTY, folder, strlen(folder) + 1);
  row r = {.name = dla_hash(hash, name, strlen(name) + 1),
           .size = entry->size,
           .changed = (uint64_t)entry->changed};
  if (entry->state != DLA_PICTURE_GOOD) return r;
  r.width = (uint32_t)entry->width;
  r.height = (uint32_t)entry->height;
  r.format = entry->format;
  return r;
}

/* ---- The existing file ---- */

static bool is_good(const dla_cache_file *file, int side)
{
  header h;
  memcpy(&h, file->map, sizeof h);
  return memcmp(h.magic, magic, sizeof magic) == 0 && h.side == (uint64_t)side &&
         h.bytes == file->size && h.count <= (file->size - sizeof h) / sizeof(row);
}

static bool map_file(const char *path, int side, dla_cache_file *file)
{
  struct stat info;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool large =
      fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size >= (off_t)sizeof(header);
  void *map = large ? mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
  close(fd);
  if (map == MAP_FAILED) return false;
  *file = (dla_cache_file){.map = map, .size = (size_t)info.st_size};
  file->rows = (const row *)(const void *)(file->map + sizeof(header));
  return is_good(file, side);
}

static uint64_t count_of(const dla_cache_file *file)
{
  header h;
  memcpy(&h, file->map, sizeof h);
  return h.count;
}

static void unmap(dla_cache_file *file)
{
  if (file->map) munmap(file->map, file->size);
  *file = (dla_cache_file){0};
}

static bool holds(const dla_cache_file *file, const row *r, uint64_t bytes)
{
  return r->at >= sizeof(header) && r->at <= file->size && bytes <= file->size - r->at;
}

/* Are they of the same file, unchanged? */
static bool is_of_same(const row *a, const row *b)
{
  return a->name == b->name && a->size == b->size && a->changed == b->changed;
}

static bool is_same(const row *a, const row *b)
{
  return is_of_same(a, b) && a->width == b->width && a->height == b->height &&
         a->format == b->format;
}

/* Does it have a row for every entry, in the same order? */
static bool fits(const dla_cache_file *file, const dla_picture_list *list, int side)
{
  if (count_of(file) != list->count) return false;
  for (size_t i = 0; i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    const row wanted = row_of(list, e), *r = &file->rows[i];
    if (!is_same(r, &wanted)) return false;
    if (is_in_it(e) && r->at != NOWHERE && !holds(file, r, pixel_bytes(e, side))) return false;
  }
  return true;
}

/* ---- Its rows by name ---- */

typedef struct by_name {
  const dla_cache_file *file;
  uint32_t *order; /* sorted; NULL: not needed, or there is no memory */
  size_t count;
} by_name;

static int compare_names(const void *a, const void *b, void *context)
{
  const row *rows = context;
  const uint64_t x = rows[*(const uint32_t *)a].name, y = rows[*(const uint32_t *)b].name;
  return (x > y) - (x < y);
}

static by_name order_by_name(const dla_cache_file *file)
{
  by_name all = {.file = file, .count = file->map ? count_of(file) : 0};
  all.order = all.count < UINT32_MAX ? malloc((all.count + 1) * sizeof *all.order) : NULL;
  if (!all.order) all.count = 0; /* the old file is not required */
  for (size_t i = 0; i < all.count; i++)
    all.order[i] = (uint32_t)i;
  if (all.count)
    qsort_r(all.order, all.count, sizeof *all.order, compare_names, (void *)(uintptr_t)file->rows);
  return all;
}

/* The row of the same file, unchanged; NULL: not there. i: where it stands if no file came or went.
 */
static const row *find_row(const by_name *all, const row *wanted, size_t i)
{
  if (all->file->map && i < count_of(all->file) && is_of_same(&all->file->rows[i], wanted))
    return &all->file->rows[i];
  size_t low = 0, high = all->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (all->file->rows[all->order[middle]].name < wanted->name)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == all->count) return NULL;
  const row *r = &all->file->rows[all->order[low]];
  return is_of_same(r, wanted) ? r : NULL;
}

/* ---- Recalling what is known ---- */

typedef struct recalling {
  dla_picture_list *list;
  int64_t max_pixels;
  by_name known;
} recalling;

static bool is_sound(const row *r, int64_t max_pixels)
{
  return r->width > 0 && r->width <= INT32_MAX && r->height > 0 && r->height <= INT32_MAX &&
         (int64_t)r->width <= max_pixels / (int64_t)r->height &&
         r->format < DLA_PICTURE_FORMAT_COUNT;
}

/* Only looks at the file's size and time. Whatever is not as it was is left to the scan. */
static dla_status recall_one(void *context, dla_crew_hand *hand, size_t i, dla_error *err)
{
  (void)hand, (void)err;
  recalling *r = context;
  dla_picture_entry *e = &r->list->entries[i], now = *e;
  if (e->state != DLA_PICTURE_LISTED || !dla_picture_stat(r->list, &now)) return DLA_OK;
  const row wanted = row_of(r->list, &now), *known = find_row(&r->known, &wanted, i);
  if (!known || !is_sound(known, r->max_pixels)) return DLA_OK;
  now.width = (int32_t)known->width;
  now.height = (int32_t)known->height;
  now.format = (uint8_t)known->format;
  now.state = DLA_PICTURE_GOOD;
  *e = now;
  return DLA_OK;
}

dla_status dla_cache_file_recall(const char *path, dla_picture_list *list, int side,
                                 const dla_pictures_options *options, dla_error *err)
{
  dla_cache_file file = {0};
  dla_status status = DLA_OK;
  if (map_file(path, side, &file)) {
    recalling r = {.list = list,
                   .max_pixels = options->max_pixels > 0 ? options->max_pixels : DLA_MAX_PIXELS,
                   .known = {.file = &file}};
    if (count_of(&file) != list->count) r.known = order_by_name(&file);
    status = dla_crew_run(list->count, "scan", options, recall_one, &r, err);
    free(r.known.order);
  }
  unmap(&file);
  return status;
}

/* ---- Creating the file ---- */

typedef struct making {
  const dla_picture_list *list;
  const dla_pictures_options *options;
  int side, fd;
  row *rows;
  dla_cache_file old;
  by_name known; /* the old file's rows */
} making;

/* The picture's pixels in the old file; NULL: not there. */
static const uint8_t *find_old(const making *m, size_t i, uint64_t bytes)
{
  const row *wanted = &m->rows[i], *r = find_row(&m->known, wanted, i);
  return r && is_same(r, wanted) && holds(&m->old, r, bytes) ? m->old.map + r->at : NULL;
}

/* Decodes the picture's pixels. NULL with DLA_OK: undecodable, which is reported when the picture
 * is used. */
static dla_status decode(const making *m, size_t i, uint64_t bytes, dla_crew_hand *hand,
                         const uint8_t **pixels, dla_error *err)
{
  const dla_picture_entry *e = &m->list->entries[i];
  const uint8_t *source;
  const char *name;
  uint8_t *to = dla_room_for(&hand->pixels, (size_t)bytes);
  *pixels = to;
  if (!to) return dla_fail_memory(err, "a picture");
  dla_status status = dla_picture_load(m->list, e, &hand->file, &source, &name, err);
  if (!status)
    status = dla_cache_shrink(hand->reader, source, (size_t)e->size, name,
                              dla_cache_size_of(e, m->side), m->options->max_pixels, to, err);
  if (status) *pixels = NULL;
  return status == DLA_E_INPUT || status == DLA_E_IO ? DLA_OK : status;
}

static dla_status make_one(void *context, dla_crew_hand *hand, size_t i, dla_error *err)
{
  making *m = context;
  if (!is_in_it(&m->list->entries[i])) return DLA_OK;
  const uint64_t bytes = pixel_bytes(&m->list->entries[i], m->side);
  const uint8_t *pixels = find_old(m, i, bytes);
  if (!pixels) TRY(decode(m, i, bytes, hand, &pixels, err));
  if (!pixels) m->rows[i].at = NOWHERE;
  if (!pixels || dla_write_at(m->fd, pixels, (size_t)bytes, m->rows[i].at)) return DLA_OK;
  return dla_fail_errno(err, NULL, "write the cache of pictures");
}

/* Places all rows. The sizes are known from the scan. */
static dla_status place_rows(making *m, header *h, dla_error *err)
{
  *h = (header){.side = (uint64_t)m->side, .count = m->list->count};
  memcpy(h->magic, magic, sizeof magic);
  m->rows = calloc(m->list->count + 1, sizeof *m->rows);
  if (!m->rows) return dla_fail_memory(err, "the cache of pictures");
  h->bytes = sizeof *h + m->list->count * sizeof *m->rows;
  for (size_t i = 0; i < m->list->count; i++) {
    const dla_picture_entry *e = &m->list->entries[i];
    m->rows[i] = row_of(m->list, e);
    if (!is_in_it(e)) continue;
    m->rows[i].at = h->bytes;
    h->bytes += pixel_bytes(e, m->side);
  }
  return DLA_OK;
}

/* Allocates the space first, so that a full disk is reported before the work. */
static dla_status fill(making *m, const char *path, dla_error *err)
{
  header h;
  TRY(place_rows(m, &h, err));
  const int error = posix_fallocate(m->fd, 0, (off_t)h.bytes);
  if (error && error != EINVAL && error != EOPNOTSUPP)
    return dla_fail(err, DLA_E_IO, path, "set dataset.cache_path to a disk with more room",
                    "the cache of pictures needs %llu MB: %s", (unsigned long long)(h.bytes >> 20),
                    strerror(error));
  TRY(dla_crew_run(m->list->count, "cache", m->options, make_one, m, err));
  if (!dla_write_at(m->fd, &h, sizeof h, 0) ||
      !dla_write_at(m->fd, m->rows, m->list->count * sizeof *m->rows, sizeof h))
    return dla_fail_errno(err, path, "write the cache of pictures");
  return DLA_OK;
}

static dla_status make(making *m, const char *path, dla_error *err)
{
  dla_atomic_file *out;
  TRY(dla_make_parent(path, err));
  dla_atomic_sweep_of(path); /* as large as the cache */
  TRY(dla_atomic_open(path, &out, err));
  m->fd = dla_atomic_descriptor(out);
  m->known = order_by_name(&m->old);
  dla_status status = fill(m, path, err);
  free(m->known.order);
  free(m->rows);
  return dla_atomic_end(out, status, err);
}

dla_status dla_cache_file_open(const char *path, const dla_picture_list *list, int side,
                               const dla_pictures_options *options, dla_cache_file **file,
                               dla_error *err)
{
  dla_cache_file *made = calloc(1, sizeof *made);
  if (!made) return dla_fail_memory(err, "the cache of pictures");
  dla_status status = DLA_OK;
  if (!map_file(path, side, made) || !fits(made, list, side)) {
    making m = {.list = list, .options = options, .side = side};
    dla_cache_file is = *made;
    if (is.map && is_good(&is, side)) m.old = is;
    status = make(&m, path, err);
    unmap(&is);
    *made = (dla_cache_file){0};
    if (!status && !(map_file(path, side, made) && fits(made, list, side)))
      status = dla_fail(err, DLA_E_IO, path, "remove it, and try again",
                        "the cache of pictures is not what was written");
  }
  if (status) {
    dla_cache_file_close(made);
    return status;
  }
  *file = made;
  return DLA_OK;
}

const uint8_t *dla_cache_file_find(const dla_cache_file *file, size_t entry)
{
  const uint64_t at = file->rows[entry].at;
  return at > NOWHERE ? file->map + at : NULL;
}

void dla_cache_file_close(dla_cache_file *file)
{
  if (!file) return;
  unmap(file);
  free(file);
}
