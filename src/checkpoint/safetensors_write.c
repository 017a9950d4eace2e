#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/sha256.h"
#include "checkpoint/safetensors.h"

static size_t size_of(dla_dtype dtype)
{
  return dtype == DLA_F32 ? sizeof(float) : sizeof(int64_t);
}

static void add_entry(dla_strbuf *b, const char *name, dla_dtype dtype, const dla_shape *shape,
                      size_t begin, size_t end)
{
  dla_strbuf_printf(b, ",");
  dla_strbuf_json_string(b, name);
  dla_strbuf_printf(b, ":{\"dtype\":\"%s\",\"shape\":[", dtype == DLA_F32 ? "F32" : "I64");
  for (int i = 0; i < shape->rank; i++)
    dla_strbuf_printf(b, "%s%" PRId64, i ? "," : "", shape->dim[i]);
  dla_strbuf_printf(b, "],\"data_offsets\":[%zu,%zu]}", begin, end);
}

void *dla_safetensors_add(dla_safetensors_writer *w, const char *name, dla_dtype dtype,
                          const dla_shape *shape)
{
  size_t size = (size_t)dla_shape_count(shape) * size_of(dtype), need = w->count + size;
  if (need > w->capacity) {
    size_t capacity = need > 2 * w->capacity ? need : 2 * w->capacity;
    char *bytes = realloc(w->bytes, capacity);
    if (!bytes) return NULL;
    w->bytes = bytes;
    w->capacity = capacity;
  }
  add_entry(&w->entries, name, dtype, shape, w->count, need);
  void *room = w->bytes + w->count;
  w->count = need;
  return room;
}

void dla_safetensors_metadata(dla_safetensors_writer *w, const char *key, const char *value)
{
  dla_strbuf_printf(&w->metadata, "%s", w->metadata.length ? "," : "");
  dla_strbuf_json_string(&w->metadata, key);
  dla_strbuf_printf(&w->metadata, ":");
  dla_strbuf_json_string(&w->metadata, value);
}

static dla_status write_parts(dla_safetensors_writer *w, const dla_strbuf *header, const char *path,
                              dla_error *err)
{
  dla_atomic_file *file = NULL;
  dla_status status = dla_atomic_open(path, &file, err);
  if (status) return status;
  const uint64_t length = header->length;
  status = dla_atomic_write(file, &length, sizeof length, err);
  if (!status) status = dla_atomic_write(file, header->text, header->length, err);
  if (!status) status = dla_atomic_write(file, w->bytes, w->count, err);
  if (!status) return dla_atomic_commit(file, err);
  dla_atomic_discard(file);
  return status;
}

dla_status dla_safetensors_write(dla_safetensors_writer *w, const char *path, dla_error *err)
{
  char digest[DLA_SHA256_TEXT];
  dla_status status = dla_sha256(w->bytes, w->count, digest, err);
  if (status) return status;
  dla_safetensors_metadata(w, "sha256", digest);
  dla_strbuf header = {0};
  dla_strbuf_printf(&header, "{\"__metadata__\":{%s}%s}", dla_strbuf_text(&w->metadata),
                    dla_strbuf_text(&w->entries));
  /* The format allows spaces behind the header, and the tensors are then aligned. */
  dla_strbuf_append(&header, "       ", (8 - header.length % 8) % 8);
  if (header.failed || w->metadata.failed || w->entries.failed)
    status = dla_fail_memory(err, "a checkpoint's header");
  else
    status = write_parts(w, &header, path, err);
  dla_strbuf_free(&header);
  return status;
}

void dla_safetensors_writer_free(dla_safetensors_writer *w)
{
  dla_strbuf_free(&w->entries);
  dla_strbuf_free(&w->metadata);
  free(w->bytes);
  *w = (dla_safetensors_writer){0};
}
