/* Files of before PyTorch 1.6 (torch/serialization.py, _legacy_save): five pickles one after the
 * other, and the storages.
 *   the magic number, the protocol's version (1001), {'little_endian': True, ...}, the object, the
 *   list of the storages' keys; then of each storage, in that order: how many numbers it has (8
 *   bytes), and they. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "checkpoint/pth_reader.h"

/* 0x1950a86a20f9469cfc6c, as protocols 2 and up write it. */
static const char magic[] = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

bool dla_pth_is_legacy(const void *bytes, size_t count)
{
  const char *text = bytes;
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

/* Bytes of a number of the storage with this key; 0: no tensor names it. */
static size_t element_size(const dla_pth_reader *r, const dla_pickle_value *key)
{
  size_t count = 0;
  const dla_pickle_value *ids = dla_pickle_persistent(r->pickle, &count);
  for (size_t i = 0; i < count; i++) {
    dla_pth_storage_id id;
    char title[DLA_PICKLE_TITLE];
    const char *unread = dla_pth_read_storage_id(r->pickle, &ids[i], &id, title);
    if ((unread && !*unread) || id.key->count != key->count ||
        memcmp(id.key->bytes, key->bytes, key->count) != 0)
      continue;
    if (!unread) return dla_dtype_size(id.dtype);
    /* Of those that are not read: complex and quantised numbers. */
    return strstr(title, "ComplexDouble") ? 16
           : strstr(title, "Complex")     ? 8
           : strstr(title, "QInt32")      ? 4
                                          : 1;
  }
  return 0;
}

static dla_status read_storage(cursor *c, const dla_pickle_value *key, dla_pth_storage *storage)
{
  dla_pth_reader *r = c->r;
  uint64_t count = 0;
  size_t size = key->kind == DLA_PICKLE_STRING ? element_size(r, key) : 0;
  size_t left = (size_t)(c->end - c->at);
  if (size == 0) return DLA_PTH_FAIL(r, key, "a storage of the file belongs to no tensor");
  for (size_t i = 0; i < 8 && left >= 8; i++)
    count |= (uint64_t)c->at[r->big_endian ? 7 - i : i] << 8 * i;
  if (left < 8 || count > (left - 8) / size)
    return dla_fail(r->err, DLA_E_INPUT, r->where, "fetch the whole file",
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
  const dla_pickle_value *key = dla_pickle_items(keys, dla_pickle_root(keys), &count);
  r->storage = calloc(count + 1, sizeof *r->storage);
  if (!r->storage) return dla_fail_memory(r->err, "a checkpoint");
  for (; r->storage_count < count; r->storage_count++)
    TRY(read_storage(c, &key[r->storage_count], &r->storage[r->storage_count]));
  return DLA_OK;
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
