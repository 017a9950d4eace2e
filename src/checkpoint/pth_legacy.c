/* Files from before PyTorch 1.6 (torch/serialization.py, _legacy_save): five pickles, one after
 * another, then the storages.
 *    The pickles: the magic number, the protocol's version (1001), {'little_endian': True, ...},
 * the object, the list of the storages' keys. Each storage, in that order: its count of numbers (8
 *    bytes), then the numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "checkpoint/pth_reader.h"

/* 0x1950a86a20f9469cfc6c, as written by protocol 2 and later, and by protocols 0 and 1. */
static const char magic[] = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
static const char text_magic[] = "L119547037146038801333356L\n";

bool dla_pth_is_legacy(const void *bytes, size_t count)
{
  const char *text = bytes;
  if (count > sizeof text_magic && memcmp(text, text_magic, sizeof text_magic - 1) == 0)
    return true;
  return count > 2 + sizeof magic && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5 &&
         (memcmp(text + 2, magic, sizeof magic - 1) == 0 ||
          (count > 11 + sizeof magic &&
           memcmp(text + 11, magic, sizeof magic - 1) == 0)); /* FRAME */
}

typedef struct cursor {
  dla_pth_reader *r;
  const uint8_t *at, *end;
} cursor;

static dla_status next_pickle(cursor *c, dla_pickle **pickle)
{
  const dla_pickle_input input = {c->r->data_pkl, c->at, (size_t)(c->end - c->at), &dla_pth_dialect,
                                  true};
  TRY(dla_pickle_parse(&input, pickle, c->r->err));
  c->at += dla_pickle_size(*pickle);
  return DLA_OK;
}

static dla_status skip_pickle(cursor *c, bool system)
{
  dla_pickle *pickle = NULL;
  TRY(next_pickle(c, &pickle));
  const dla_pickle_value *little =
      system ? dla_pickle_get(pickle, dla_pickle_root(pickle), "little_endian") : NULL;
  if (little && little->kind == DLA_PICKLE_BOOL) c->r->big_endian = little->integer == 0;
  dla_pickle_free(pickle);
  return DLA_OK;
}

/* Bytes per number of a storage. Only the tensors' ids in the pickle give it. */
typedef struct width {
  const uint8_t *key;
  size_t length, bytes;
} width;

typedef struct widths {
  width *of; /* sorted by key */
  size_t count;
} widths;

static int by_key(const void *a, const void *b)
{
  const width *x = a, *y = b;
  if (x->length != y->length) return x->length < y->length ? -1 : 1;
  return x->length ? memcmp(x->key, y->key, x->length) : 0;
}

/* For types that are not read: complex and quantised numbers. */
static size_t other_width(const char *title)
{
  if (strstr(title, "ComplexDouble")) return 16;
  if (strstr(title, "Complex")) return 8;
  return strstr(title, "QInt32") ? 4 : 1;
}

static dla_status find_widths(const dla_pth_reader *r, widths *w)
{
  size_t count = 0;
  const dla_pickle_value *ids = dla_pickle_persistent(r->pickle, &count);
  w->of = calloc(count + 1, sizeof *w->of);
  if (!w->of) return dla_fail_memory(r->err, "a checkpoint");
  for (size_t i = 0; i < count; i++) {
    dla_pth_storage_id id;
    char title[DLA_PICKLE_TITLE];
    const char *unread = dla_pth_read_storage_id(r->pickle, &ids[i], &id, title);
    if (unread && !*unread) continue;
    w->of[w->count++] = (width){id.key->bytes, id.key->count,
                                unread ? other_width(title) : dla_dtype_size(id.dtype)};
  }
  qsort(w->of, w->count, sizeof *w->of, by_key);
  return DLA_OK;
}

/* 0: no tensor uses the storage. */
static size_t width_of(const widths *w, const dla_pickle_value *key)
{
  if (key->kind != DLA_PICKLE_STRING) return 0;
  const width wanted = {key->bytes, key->count, 0};
  const width *found = bsearch(&wanted, w->of, w->count, sizeof *w->of, by_key);
  return found ? found->bytes : 0;
}

static dla_status read_storage(cursor *c, const widths *w, const dla_pickle_value *key,
                               dla_pth_storage *storage)
{
  dla_pth_reader *r = c->r;
  uint64_t count = 0;
  size_t size = width_of(w, key), left = (size_t)(c->end - c->at);
  if (size == 0) return DLA_PTH_FAIL(r, key, "a storage of the file belongs to no tensor");
  for (size_t i = 0; i < 8 && left >= 8; i++)
    count |= (uint64_t)c->at[r->big_endian ? 7 - i : i] << 8 * i;
  if (left < 8 || count > (left - 8) / size)
    return dla_fail(r->err, DLA_E_INPUT, r->where,
                    "the download or copy stopped early: compare its size with the original's",
                    "it is cut short: %zu bytes are left where a storage of %llu numbers should be",
                    left, (unsigned long long)count);
  *storage = (dla_pth_storage){key->bytes, key->count, c->at + 8, (size_t)count * size};
  c->at += 8 + storage->size;
  return DLA_OK;
}

static dla_status read_storages(cursor *c, const dla_pickle *keys)
{
  dla_pth_reader *r = c->r;
  size_t count = 0;
  widths w = {0};
  const dla_pickle_value *key = dla_pickle_items(keys, dla_pickle_root(keys), &count);
  r->storage = calloc(count + 1, sizeof *r->storage);
  if (!r->storage) return dla_fail_memory(r->err, "a checkpoint");
  dla_status status = find_widths(r, &w);
  for (; r->storage_count < count && !status; r->storage_count += !status)
    status = read_storage(c, &w, &key[r->storage_count], &r->storage[r->storage_count]);
  free(w.of);
  return status;
}

dla_status dla_pth_read_legacy(dla_pth_reader *r, const void *bytes, size_t count)
{
  cursor c = {r, bytes, (const uint8_t *)bytes + count};
  dla_pickle *keys = NULL;
  snprintf(r->data_pkl, sizeof r->data_pkl, "%s", r->where);
  for (int i = 0; i < 3; i++)
    TRY(skip_pickle(&c, i == 2));
  TRY(next_pickle(&c, &r->pickle));
  TRY(next_pickle(&c, &keys));
  dla_status status = read_storages(&c, keys);
  if (!status) status = dla_pth_read_root(r);
  dla_pickle_free(keys);
  return status;
}
