#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "base/sha256.h"
#include "checkpoint/safetensors.h"

/* The format's own limit. */
static const uint64_t max_header = 100000000;

struct dla_safetensors {
  json_t *header;
  dla_safetensors_entry *entry;
  int count;
  char *owned; /* the file's bytes, when we read them */
};

void dla_safetensors_free(dla_safetensors *file)
{
  if (!file) return;
  json_decref(file->header);
  free(file->entry);
  free(file->owned);
  free(file);
}

static dla_status damaged(dla_error *err, const char *where, const char *what)
{
  return dla_fail(err, DLA_E_INPUT, where, "the file is cut, damaged, or no safetensors file", "%s",
                  what);
}

static size_t size_of(const char *dtype)
{
  static const struct {
    const char *name;
    size_t size;
  } known[] = {{"F64", 8}, {"F32", 4}, {"F16", 2},  {"BF16", 2}, {"I64", 8}, {"I32", 4}, {"I16", 2},
               {"I8", 1},  {"U8", 1},  {"BOOL", 1}, {"U64", 8},  {"U32", 4}, {"U16", 2}};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (strcmp(known[i].name, dtype) == 0) return known[i].size;
  return 0;
}

/* The shape, and the bytes that it takes; false where it is none or overflows. */
static bool read_shape(const json_t *json, size_t element, dla_shape *shape, uint64_t *bytes)
{
  if (!json_is_array(json) || json_array_size(json) > DLA_MAX_RANK) return false;
  *bytes = element;
  shape->rank = (int)json_array_size(json);
  for (int i = 0; i < shape->rank; i++) {
    const json_t *dim = json_array_get(json, (size_t)i);
    json_int_t size = json_is_integer(dim) ? json_integer_value(dim) : -1;
    if (size < 0 || __builtin_mul_overflow(*bytes, (uint64_t)size, bytes)) return false;
    shape->dim[i] = size;
  }
  return true;
}

static dla_status read_entry(const char *where, const char *name, const json_t *json,
                             const char *data, uint64_t count, dla_safetensors_entry *entry,
                             dla_error *err)
{
  const char *dtype = json_string_value(json_object_get(json, "dtype"));
  const json_t *range = json_object_get(json, "data_offsets");
  const json_t *from = json_array_get(range, 0), *to = json_array_get(range, 1);
  uint64_t bytes = 0;
  if (!dtype || !size_of(dtype) || json_array_size(range) != 2 || !json_is_integer(from) ||
      !json_is_integer(to) ||
      !read_shape(json_object_get(json, "shape"), size_of(dtype), &entry->shape, &bytes))
    return dla_fail(err, DLA_E_INPUT, where, NULL,
                    "tensor '%s': its dtype, shape or data_offsets cannot be understood", name);
  json_int_t begin = json_integer_value(from), end = json_integer_value(to);
  if (begin < 0 || end < begin || (uint64_t)end > count || (uint64_t)(end - begin) != bytes)
    return dla_fail(err, DLA_E_INPUT, where, "the file is cut or damaged",
                    "tensor '%s' does not fit: bytes %lld to %lld of %llu", name, (long long)begin,
                    (long long)end, (unsigned long long)count);
  entry->name = name;
  entry->dtype = dtype;
  entry->bytes = data + begin;
  entry->size = bytes;
  return DLA_OK;
}

static int by_place(const void *a, const void *b)
{
  const dla_safetensors_entry *x = a, *y = b;
  if (x->bytes != y->bytes) return (const char *)x->bytes < (const char *)y->bytes ? -1 : 1;
  return (x->size > y->size) - (x->size < y->size); /* empty ones first */
}

/* Every byte belongs to exactly one tensor, as the format demands. */
static dla_status check_ranges(dla_safetensors *file, const char *where, const char *data,
                               uint64_t count, dla_error *err)
{
  qsort(file->entry, (size_t)file->count, sizeof *file->entry, by_place);
  const char *at = data;
  for (int i = 0; i < file->count; i++) {
    if (file->entry[i].bytes != at)
      return damaged(err, where, "two tensors overlap, or bytes belong to none");
    at += file->entry[i].size;
  }
  return at == data + count ? DLA_OK : damaged(err, where, "bytes behind the last tensor");
}

static dla_status read_entries(dla_safetensors *file, const char *where, const char *data,
                               uint64_t count, dla_error *err)
{
  file->entry = calloc(json_object_size(file->header) + 1, sizeof *file->entry);
  if (!file->entry) return dla_fail_memory(err, "a checkpoint's header");
  const char *name;
  json_t *json;
  json_object_foreach(file->header, name, json)
  {
    if (strcmp(name, "__metadata__") == 0) continue;
    dla_status status = read_entry(where, name, json, data, count, &file->entry[file->count], err);
    if (status) return status;
    file->count++;
  }
  dla_status status = check_ranges(file, where, data, count, err);
  const char *wanted = dla_safetensors_get(file, "sha256");
  if (status || !wanted) return status;
  char digest[DLA_SHA256_TEXT];
  status = dla_sha256(data, count, digest, err);
  if (!status && strcmp(digest, wanted) != 0)
    return damaged(err, where, "the SHA-256 of its tensors is not the one it states");
  return status;
}

dla_status dla_safetensors_parse(const char *where, const void *bytes, size_t count,
                                 dla_safetensors **out, dla_error *err)
{
  uint64_t length = 0;
  if (count < sizeof length) return damaged(err, where, "shorter than a header's length");
  memcpy(&length, bytes, sizeof length);
  if (length > max_header || length > count - sizeof length)
    return damaged(err, where, "the header's length is larger than the file");
  dla_safetensors *file = calloc(1, sizeof *file);
  if (!file) return dla_fail_memory(err, "a checkpoint");
  const char *header = (const char *)bytes + sizeof length;
  json_error_t error;
  file->header = json_loadb(header, length, JSON_REJECT_DUPLICATES, &error);
  dla_status status;
  if (!json_is_object(file->header))
    status = damaged(err, where, file->header ? "the header is no JSON object" : error.text);
  else
    status = read_entries(file, where, header + length, count - sizeof length - length, err);
  if (status)
    dla_safetensors_free(file);
  else
    *out = file;
  return status;
}

dla_status dla_safetensors_read(const char *path, dla_safetensors **file, dla_error *err)
{
  char *bytes = NULL;
  size_t count = 0;
  dla_status status = dla_read_file(path, (size_t)1 << 40, &bytes, &count, err);
  if (!status) status = dla_safetensors_parse(path, bytes, count, file, err);
  if (status)
    free(bytes);
  else
    (*file)->owned = bytes;
  return status;
}

int dla_safetensors_count(const dla_safetensors *file)
{
  return file->count;
}

const dla_safetensors_entry *dla_safetensors_at(const dla_safetensors *file, int index)
{
  return &file->entry[index];
}

const dla_safetensors_entry *dla_safetensors_find(const dla_safetensors *file, const char *name)
{
  for (int i = 0; i < file->count; i++)
    if (strcmp(file->entry[i].name, name) == 0) return &file->entry[i];
  return NULL;
}

const char *dla_safetensors_get(const dla_safetensors *file, const char *key)
{
  return json_string_value(json_object_get(json_object_get(file->header, "__metadata__"), key));
}
