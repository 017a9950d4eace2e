#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/safetensors.h"

/* The format's own limit. */
static const uint64_t max_header = 100000000;

/* A file while it is being read: its tensors' bytes. */
typedef struct reader {
  const char *where, *data;
  uint64_t count;
  dla_tensor_set *set;
  dla_error *err;
} reader;

static dla_status damaged(dla_error *err, const char *where, const char *what)
{
  return dla_fail(err, DLA_E_INPUT, where, "the file is cut, damaged, or no checkpoint", "%s",
                  what);
}

static bool read_shape(const json_t *json, dla_shape *shape)
{
  if (!json_is_array(json) || json_array_size(json) > DLA_MAX_RANK) return false;
  *shape = (dla_shape){.rank = (int)json_array_size(json)};
  for (int i = 0; i < shape->rank; i++) {
    const json_t *dim = json_array_get(json, (size_t)i);
    if (!json_is_integer(dim)) return false;
    shape->dim[i] = json_integer_value(dim);
  }
  return true;
}

static dla_status read_tensor(reader *r, const char *name, const json_t *json)
{
  dla_dtype dtype;
  dla_shape shape;
  size_t bytes;
  const char *type = json_string_value(json_object_get(json, "dtype"));
  const json_t *range = json_object_get(json, "data_offsets");
  const json_t *from = json_array_get(range, 0), *to = json_array_get(range, 1);
  if (!type || !dla_dtype_find(type, &dtype) || json_array_size(range) != 2 ||
      !json_is_integer(from) || !json_is_integer(to) ||
      !read_shape(json_object_get(json, "shape"), &shape) ||
      !dla_dtype_bytes(dtype, &shape, &bytes))
    return dla_fail(r->err, DLA_E_INPUT, r->where, NULL,
                    "tensor '%s': its dtype, shape or data_offsets cannot be understood", name);
  json_int_t begin = json_integer_value(from), end = json_integer_value(to);
  if (begin < 0 || end < begin || (uint64_t)end > r->count || (uint64_t)(end - begin) != bytes)
    return dla_fail(r->err, DLA_E_INPUT, r->where, "the file is cut or damaged",
                    "tensor '%s' does not fit: bytes %lld to %lld of %llu", name, (long long)begin,
                    (long long)end, (unsigned long long)r->count);
  return dla_tensor_set_add(r->set, name, dtype, &shape, r->data + begin, r->err);
}

static int by_place(const void *a, const void *b)
{
  const dla_tensor_entry *x = a, *y = b;
  if (x->bytes != y->bytes) return (const char *)x->bytes < (const char *)y->bytes ? -1 : 1;
  return (x->size > y->size) - (x->size < y->size); /* empty ones first */
}

/* Every byte belongs to exactly one tensor, as the format demands. */
static dla_status check_ranges(reader *r)
{
  dla_tensor_set *set = r->set;
  if (set->tensor_count) qsort(set->tensor, set->tensor_count, sizeof *set->tensor, by_place);
  const char *at = r->data;
  for (size_t i = 0; i < set->tensor_count; i++) {
    if (set->tensor[i].bytes != at)
      return damaged(r->err, r->where, "two tensors overlap, or bytes belong to none");
    at += set->tensor[i].size;
  }
  return at == r->data + r->count ? DLA_OK
                                  : damaged(r->err, r->where, "bytes behind the last tensor");
}

static dla_status read_metadata(reader *r, json_t *metadata)
{
  const char *key;
  json_t *value;
  dla_status status = DLA_OK;
  if (metadata && !json_is_object(metadata))
    return damaged(r->err, r->where, "its metadata is no map");
  json_object_foreach(metadata, key, value)
  {
    status =
        json_is_string(value)
            ? dla_tensor_set_note(r->set, key, json_string_value(value), r->err)
            : dla_fail(r->err, DLA_E_INPUT, r->where, NULL, "the metadata '%s' is no string", key);
    if (status) break;
  }
  return status;
}

static dla_status read_header(reader *r, json_t *header)
{
  static const char metadata[] = "__metadata__";
  const char *name;
  json_t *json;
  dla_status status = read_metadata(r, json_object_get(header, metadata));
  json_object_foreach(header, name, json)
  {
    if (!status && strcmp(name, metadata) != 0) status = read_tensor(r, name, json);
  }
  return status ? status : check_ranges(r);
}

dla_status dla_safetensors_parse(const char *where, const void *bytes, size_t count,
                                 dla_tensor_set *set, dla_error *err)
{
  uint64_t length = 0;
  if (count < sizeof length) return damaged(err, where, "shorter than a header's length");
  memcpy(&length, bytes, sizeof length);
  if (length > max_header || length > count - sizeof length)
    return damaged(err, where, "the header's length is larger than the file");
  json_error_t error;
  const char *text = (const char *)bytes + sizeof length;
  json_t *header = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  reader r = {where, text + length, count - sizeof length - length, set, err};
  dla_status status;
  if (json_is_object(header))
    status = read_header(&r, header);
  else
    status = damaged(err, where, header ? "the header is no JSON object" : error.text);
  json_decref(header);
  return status;
}

static dla_status read_metadata_text(reader *r, const char *text, size_t length)
{
  json_t *header = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
  dla_status status = json_is_object(header)
                          ? read_metadata(r, json_object_get(header, "__metadata__"))
                          : damaged(r->err, r->where, "the header is no JSON object");
  json_decref(header);
  return status;
}

dla_status dla_safetensors_read_metadata(const char *path, dla_tensor_set *set, dla_error *err)
{
  uint64_t length = 0;
  reader r = {.where = path, .set = set, .err = err};
  FILE *file = fopen(path, "re");
  if (!file) return dla_fail_errno(err, path, "read");
  char *text = NULL;
  dla_status status = DLA_OK;
  if (fread(&length, sizeof length, 1, file) != 1 || length > max_header)
    status = damaged(err, path, "there is no header");
  if (!status && !(text = malloc(length + 1))) status = dla_fail_memory(err, "a checkpoint");
  if (!status && fread(text, 1, length, file) != length)
    status = damaged(err, path, "the header is cut");
  if (!status) status = read_metadata_text(&r, text, length);
  free(text);
  fclose(file);
  return status;
}
