#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/strbuf.h"
#include "checkpoint/names.h"
#include "checkpoint/safetensors.h"

/* The format's own limit. */
static const uint64_t max_header = 100000000;

typedef struct range {
  uint64_t begin, end;
} range;

/* A file during reading, and its tensors' bytes. */
typedef struct reader {
  const char *where, *data;
  uint64_t count;
  bool foreign; /* written by another program */
  range *range; /* of every tensor, including those left out */
  size_t ranges;
  dla_tensor_set *set;
  dla_error *err;
} reader;

static dla_status damaged(dla_error *err, const char *where, const char *what)
{
  return dla_fail(err, DLA_E_INPUT, where,
                  "compare its size with the original's: it may be a part of it", "%s", what);
}

/* Types of the format that are not used here, and their bits per number. */
static const struct {
  const char *name;
  size_t bits;
} other_types[] = {{"F8_E4M3", 8},     {"F8_E5M2", 8},     {"F8_E8M0", 8},
                   {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"F6_E2M3", 6},
                   {"F6_E3M2", 6},     {"F4", 4},          {"C64", 64}};

/* The bytes of a tensor that is left out. False: impossible values. what: why it is left out. */
static bool other_bytes(const char *type, const json_t *shape, size_t *bytes, char what[64])
{
  size_t bits = 0, i, count = 1;
  const json_t *dim;
  dla_dtype dtype;
  if (dla_dtype_find(type, &dtype)) bits = 8 * dla_dtype_size(dtype);
  for (size_t k = 0; k < sizeof other_types / sizeof *other_types; k++)
    if (strcmp(other_types[k].name, type) == 0) bits = other_types[k].bits;
  if (!bits || !json_is_array(shape)) return false;
  json_array_foreach(shape, i, dim)
  {
    if (!json_is_integer(dim) || json_integer_value(dim) < 0 ||
        __builtin_mul_overflow(count, (size_t)json_integer_value(dim), &count))
      return false;
  }
  if (__builtin_mul_overflow(count, bits, bytes)) return false;
  *bytes = (*bytes + 7) / 8;
  snprintf(what, 64, "a tensor of %s, %zu dimensions", type, json_array_size(shape));
  return true;
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

static dla_status read_range(reader *r, const char *name, const json_t *json, size_t bytes,
                             range *found)
{
  const json_t *offsets = json_object_get(json, "data_offsets");
  const json_t *from = json_array_get(offsets, 0), *to = json_array_get(offsets, 1);
  if (json_array_size(offsets) != 2 || !json_is_integer(from) || !json_is_integer(to))
    return dla_fail(r->err, DLA_E_INPUT, r->where, NULL,
                    "tensor '%s': its data_offsets cannot be understood", name);
  json_int_t begin = json_integer_value(from), end = json_integer_value(to);
  if (begin < 0 || end < begin || (uint64_t)end > r->count || (uint64_t)(end - begin) != bytes)
    return dla_fail(r->err, DLA_E_INPUT, r->where,
                    "compare its size with the original's: it may be a part of it",
                    "tensor '%s' does not fit: bytes %lld to %lld of %llu", name, (long long)begin,
                    (long long)end, (unsigned long long)r->count);
  *found = (range){(uint64_t)begin, (uint64_t)end};
  r->range[r->ranges++] = *found;
  return DLA_OK;
}

static dla_status add_tensor(reader *r, const char *name, dla_dtype dtype, const dla_shape *shape,
                             const range *found)
{
  dla_strbuf full = {0};
  dla_strbuf_printf(&full, "%s%s", r->foreign && *name ? DLA_NAME_MODEL : "", name);
  dla_status status = full.failed ? dla_fail_memory(r->err, "a checkpoint")
                                  : dla_tensor_set_add(r->set, full.text, dtype, shape,
                                                       r->data + found->begin, r->err);
  dla_strbuf_free(&full);
  return status;
}

static dla_status read_tensor(reader *r, const char *name, const json_t *json)
{
  dla_dtype dtype;
  dla_shape shape;
  size_t bytes;
  range found;
  char what[64];
  const json_t *dims = json_object_get(json, "shape");
  const char *type = json_string_value(json_object_get(json, "dtype"));
  if (type && dla_dtype_find(type, &dtype) && read_shape(dims, &shape) &&
      dla_dtype_bytes(dtype, &shape, &bytes)) {
    dla_status status = read_range(r, name, json, bytes, &found);
    return status ? status : add_tensor(r, name, dtype, &shape, &found);
  }
  if (!type || !other_bytes(type, dims, &bytes, what))
    return dla_fail(r->err, DLA_E_INPUT, r->where, NULL,
                    "tensor '%s': its dtype or shape cannot be understood", name);
  dla_status status = read_range(r, name, json, bytes, &found);
  return status ? status : dla_tensor_set_leave_out(r->set, name, what, true, r->err);
}

static int by_place(const void *a, const void *b)
{
  const range *x = a, *y = b;
  if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end); /* empty ones first */
}

/* Checks that every byte belongs to exactly one tensor, as the format demands. */
static dla_status check_ranges(reader *r)
{
  uint64_t at = 0;
  if (r->ranges) qsort(r->range, r->ranges, sizeof *r->range, by_place);
  for (size_t i = 0; i < r->ranges; i++) {
    if (r->range[i].begin != at)
      return damaged(r->err, r->where, "two tensors overlap, or bytes belong to none");
    at = r->range[i].end;
  }
  return at == r->count ? DLA_OK : damaged(r->err, r->where, "bytes behind the last tensor");
}

static int by_bytes(const void *a, const void *b)
{
  const dla_tensor_entry *x = a, *y = b;
  if (x->bytes != y->bytes) return (const char *)x->bytes < (const char *)y->bytes ? -1 : 1;
  return (x->size > y->size) - (x->size < y->size);
}

/* Metadata of a foreign file that means the same here. */
static bool is_wanted(const char *key)
{
  static const char *const keys[] = {"epoch",        "step",     "best_accuracy", "lr", "momentum",
                                     "weight_decay", "nesterov", "optimizer",     NULL};
  return dla_is_one_of(key, keys);
}

/* Texts that count only in our own files: another program may use "config" for something else. */
static bool is_own_text(const char *key)
{
  return strcmp(key, "config") == 0 || strcmp(key, "environment") == 0 ||
         strcmp(key, "tuning") == 0 || strcmp(key, DLA_GROUPS_KEY) == 0 ||
         strcmp(key, DLA_NO_DECAY_KEY) == 0;
}

static dla_status read_metadata(reader *r, json_t *metadata)
{
  const char *key;
  json_t *value;
  dla_status status = DLA_OK;
  if (metadata && !json_is_object(metadata) && !json_is_null(metadata))
    return damaged(r->err, r->where, "its metadata is no map");
  const char *format = json_string_value(json_object_get(metadata, "format"));
  bool own = format && strncmp(format, "dla-train ", 10) == 0;
  r->foreign = !own && !(format && strcmp(format, DLA_PYTORCH_FORMAT) == 0);
  if (r->foreign && !dla_tensor_set_get(r->set, "format"))
    status = dla_tensor_set_note(r->set, "format", DLA_PYTORCH_FORMAT, r->err);
  json_object_foreach(metadata, key, value)
  {
    if (status) break;
    bool other = r->foreign ? !is_wanted(key) : !own && is_own_text(key);
    if (other || (!own && !json_is_string(value))) continue;
    if (!own && dla_tensor_set_get(r->set, key)) continue; /* already from another shard */
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
  const size_t before = r->set->tensor_count; /* from other shards */
  r->range = calloc(json_object_size(header) + 1, sizeof *r->range);
  if (!r->range) return dla_fail_memory(r->err, "a checkpoint");
  dla_status status = read_metadata(r, json_object_get(header, metadata));
  json_object_foreach(header, name, json)
  {
    if (!status && strcmp(name, metadata) != 0) status = read_tensor(r, name, json);
  }
  if (!status) status = check_ranges(r);
  free(r->range);
  if (!status && r->set->tensor_count > before)
    qsort(r->set->tensor + before, r->set->tensor_count - before, sizeof *r->set->tensor, by_bytes);
  return status;
}

bool dla_safetensors_is(const void *bytes, size_t count)
{
  uint64_t length = 0;
  const char *text = bytes;
  if (count <= sizeof length) return false;
  memcpy(&length, bytes, sizeof length);
  return length > 0 && length <= max_header && text[sizeof length] == '{';
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
  reader r = {.where = where,
              .data = text + length,
              .count = count - sizeof length - length,
              .set = set,
              .err = err};
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
