#include "data/pictures/cache.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cache_folder.h"
#include "base/hash.h"
#include "base/try.h"
#include "data/pictures/cache_file.h"
#include "data/pictures/shrink.h"

struct dla_picture_cache {
  int side;
  int64_t max_pixels;
  dla_cache_file *file;      /* on disk; NULL: in RAM */
  _Atomic(uint8_t *) *slots; /* pixels of each entry; NULL: not cached yet */
  const dla_picture_list *list;
};

static dla_pixels view(const uint8_t *rgb, dla_cache_size size)
{
  return (dla_pixels){.width = size.width,
                      .height = size.height,
                      .stride = 3 * (size_t)size.width,
                      .rgb = rgb,
                      .right = size.width,
                      .bottom = size.height};
}

bool dla_picture_cache_find(const dla_picture_cache *cache, size_t entry, dla_pixels *pixels)
{
  const uint8_t *rgb = cache->file
                           ? dla_cache_file_find(cache->file, entry)
                           : atomic_load_explicit(&cache->slots[entry], memory_order_acquire);
  if (rgb) *pixels = view(rgb, dla_cache_size_of(&cache->list->entries[entry], cache->side));
  return rgb != NULL;
}

bool dla_picture_cache_fills(const dla_picture_cache *cache)
{
  return !cache->file;
}

dla_status dla_picture_cache_fill(dla_picture_cache *cache, size_t entry, dla_reader *reader,
                                  const uint8_t *bytes, size_t size, const char *name,
                                  dla_pixels *pixels, dla_error *err)
{
  const dla_cache_size wanted = dla_cache_size_of(&cache->list->entries[entry], cache->side);
  uint8_t *rgb = malloc(3 * (size_t)wanted.width * (size_t)wanted.height), *before = NULL;
  if (!rgb) return dla_fail_memory(err, "the cache of pictures (dataset.cache)");
  dla_status status =
      dla_cache_shrink(reader, bytes, size, name, wanted, cache->max_pixels, rgb, err);
  if (status) {
    free(rgb);
    return status;
  }
  /* Another thread may have been faster, with the same bytes. */
  if (!atomic_compare_exchange_strong(&cache->slots[entry], &before, rgb)) {
    free(rgb);
    rgb = before;
  }
  *pixels = view(rgb, wanted);
  return DLA_OK;
}

/* The bytes that the whole cache will need. */
static uint64_t total(const dla_picture_list *list, int side)
{
  uint64_t bytes = 0;
  for (size_t i = 0; i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    if (e->state != DLA_PICTURE_GOOD || e->side == DLA_SIDE_NONE) continue;
    const dla_cache_size size = dla_cache_size_of(e, side);
    bytes += 3 * (uint64_t)size.width * (uint64_t)size.height;
  }
  return bytes;
}

static dla_status check_memory(uint64_t bytes, dla_error *err)
{
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  const uint64_t there = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
  if (bytes <= there / 10 * 8) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "dataset.cache",
                  "use dataset.cache: disk, or a smaller model.image_size",
                  "the pictures need %llu MB of memory, of %llu MB that are there",
                  (unsigned long long)(bytes >> 20), (unsigned long long)(there >> 20));
}

static dla_status default_path(const char *where, int side, dla_strbuf *path, dla_error *err)
{
  dla_cache_folder(path);
  if (!path->length && !path->failed)
    return dla_fail(err, DLA_E_INPUT, "dataset.cache_path", "set it to a file",
                    "there is no home folder for the disk cache");
  char *real = realpath(where, NULL);
  const char *place = real ? real : where;
  dla_strbuf_printf(path, "/pictures/%016llx-%d",
                    (unsigned long long)dla_hash(DLA_HASH_EMPTY, place, strlen(place)), side);
  free(real);
  return path->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

static int side_of(const dla_pictures_options *options)
{
  return options->cache_side > 0 ? options->cache_side : 256;
}

static dla_status path_of(const char *place, const dla_pictures_options *options, dla_strbuf *path,
                          dla_error *err)
{
  if (!options->cache_path || !*options->cache_path)
    return default_path(place, side_of(options), path, err);
  dla_strbuf_printf(path, "%s", options->cache_path);
  return path->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

dla_status dla_picture_cache_recall(dla_picture_list *list, const char *place,
                                    const dla_pictures_options *options, dla_error *err)
{
  dla_strbuf path = {0};
  if (options->cache != DLA_CACHE_DISK) return DLA_OK;
  dla_status status = path_of(place, options, &path, err);
  if (!status)
    status = dla_cache_file_recall(dla_strbuf_text(&path), list, side_of(options), options, err);
  dla_strbuf_free(&path);
  return status;
}

static dla_status open_file(const char *place, dla_picture_cache *cache,
                            const dla_pictures_options *options, dla_error *err)
{
  dla_strbuf path = {0};
  dla_status status = path_of(place, options, &path, err);
  if (!status)
    status = dla_cache_file_open(dla_strbuf_text(&path), cache->list, cache->side, options,
                                 &cache->file, err);
  dla_strbuf_free(&path);
  return status;
}

static dla_status prepare(dla_picture_cache *cache, const char *place,
                          const dla_pictures_options *options, dla_error *err)
{
  if (options->cache == DLA_CACHE_DISK) return open_file(place, cache, options, err);
  TRY(check_memory(total(cache->list, cache->side), err));
  cache->slots = calloc(cache->list->count + 1, sizeof *cache->slots);
  return cache->slots ? DLA_OK : dla_fail_memory(err, "the cache of pictures");
}

dla_status dla_picture_cache_create(const dla_picture_list *list, const char *place,
                                    const dla_pictures_options *options, dla_picture_cache **cache,
                                    dla_error *err)
{
  *cache = NULL;
  if (options->cache == DLA_CACHE_NONE) return DLA_OK;
  dla_picture_cache *made = calloc(1, sizeof *made);
  if (!made) return dla_fail_memory(err, "the cache of pictures");
  *made = (dla_picture_cache){
      .side = side_of(options), .max_pixels = options->max_pixels, .list = list};
  dla_status status = prepare(made, place, options, err);
  if (status)
    dla_picture_cache_free(made);
  else
    *cache = made;
  return status;
}

void dla_picture_cache_free(dla_picture_cache *cache)
{
  if (!cache) return;
  for (size_t i = 0; cache->slots && i < cache->list->count; i++)
    free(atomic_load_explicit(&cache->slots[i], memory_order_relaxed));
  free(cache->slots);
  dla_cache_file_close(cache->file);
  free(cache);
}
