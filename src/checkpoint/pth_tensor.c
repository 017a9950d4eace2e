/* Tensors in a pickle of PyTorch (torch/_utils.py, torch/serialization.py):
 *    _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])
 * The storage is the persistent id ('storage', torch.FloatStorage, key, device, count). Its bytes
 * are the zip member data/KEY. Offset and strides count numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "checkpoint/pth_reader.h"

enum {
  CALL_TENSOR = DLA_DTYPE_COUNT, /* the storages by dtype are below it */
  CALL_PARAMETER,
  CALL_TYPED, /* _rebuild_from_type_v2(_rebuild_tensor_v2, type, its arguments, state) */
  CALL_OTHER, /* types of tensors that are not read */
  CALL_DICT
};

static const dla_pickle_callable callables[] = {
    {"collections", "OrderedDict", CALL_DICT, DLA_PICKLE_MAKES_DICT},
    {"collections", "defaultdict", CALL_DICT, DLA_PICKLE_MAKES_DICT},
    {"_codecs", "encode", CALL_DICT, DLA_PICKLE_MAKES_BYTES},
    {"torch._utils", "_rebuild_tensor", CALL_TENSOR, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_tensor_v2", CALL_TENSOR, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_parameter", CALL_PARAMETER, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_parameter_with_state", CALL_PARAMETER, DLA_PICKLE_MAKES_CALL},
    {"torch._tensor", "_rebuild_from_type_v2", CALL_TYPED, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_tensor_v3", CALL_OTHER, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_sparse_tensor", CALL_OTHER, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_qtensor", CALL_OTHER, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_meta_tensor_no_storage", CALL_OTHER, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_nested_tensor", CALL_OTHER, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_device_tensor_from_numpy", CALL_OTHER, DLA_PICKLE_MAKES_CALL},
    {"torch", "DoubleStorage", DLA_F64, DLA_PICKLE_MAKES_CALL},
    {"torch", "FloatStorage", DLA_F32, DLA_PICKLE_MAKES_CALL},
    {"torch", "HalfStorage", DLA_F16, DLA_PICKLE_MAKES_CALL},
    {"torch", "BFloat16Storage", DLA_BF16, DLA_PICKLE_MAKES_CALL},
    {"torch", "LongStorage", DLA_I64, DLA_PICKLE_MAKES_CALL},
    {"torch", "IntStorage", DLA_I32, DLA_PICKLE_MAKES_CALL},
    {"torch", "ShortStorage", DLA_I16, DLA_PICKLE_MAKES_CALL},
    {"torch", "CharStorage", DLA_I8, DLA_PICKLE_MAKES_CALL},
    {"torch", "ByteStorage", DLA_U8, DLA_PICKLE_MAKES_CALL},
    {"torch", "BoolStorage", DLA_BOOL, DLA_PICKLE_MAKES_CALL},
    /* A tensor on the GPU of the machine that wrote the file: its bytes are the same. */
    {"torch.cuda", "DoubleStorage", DLA_F64, DLA_PICKLE_MAKES_CALL},
    {"torch.cuda", "FloatStorage", DLA_F32, DLA_PICKLE_MAKES_CALL},
    {"torch.cuda", "HalfStorage", DLA_F16, DLA_PICKLE_MAKES_CALL},
    {"torch.cuda", "BFloat16Storage", DLA_BF16, DLA_PICKLE_MAKES_CALL},
    {"torch.cuda", "LongStorage", DLA_I64, DLA_PICKLE_MAKES_CALL},
    {"torch.cuda", "IntStorage", DLA_I32, DLA_PICKLE_MAKES_CALL},
    {"torch.cuda", "ByteStorage", DLA_U8, DLA_PICKLE_MAKES_CALL},
    {0},
};

const dla_pickle_dialect dla_pth_dialect = {
    .callables = callables,
    .hint = "it should be what torch.save makes of {'net': state_dict, 'acc': percent, 'epoch': n}",
};

/* The place of a tensor's numbers in its storage. */
typedef struct view {
  dla_dtype dtype;
  const uint8_t *bytes; /* of the storage */
  int64_t count;        /* numbers in it */
  int64_t offset;
  dla_shape shape, stride;
} view;

const char *dla_pth_read_storage_id(const dla_pickle *pickle, const dla_pickle_value *value,
                                    dla_pth_storage_id *id, char title[DLA_PICKLE_TITLE])
{
  size_t count = 0;
  *id = (dla_pth_storage_id){0};
  if (value->kind != DLA_PICKLE_PERSISTENT) return "";
  const dla_pickle_value *part = dla_pickle_items(pickle, value, &count);
  part = dla_pickle_items(pickle, &part[0], &count);
  if (!part || count < 5 || part[1].kind != DLA_PICKLE_GLOBAL ||
      part[2].kind != DLA_PICKLE_STRING || part[4].kind != DLA_PICKLE_INT ||
      !dla_pickle_is_string(&part[0], "storage"))
    return "";
  *id = (dla_pth_storage_id){(dla_dtype)part[1].integer, &part[2], part[4].integer};
  bool known = part[1].integer >= 0 && part[1].integer < DLA_DTYPE_COUNT;
  return known ? NULL : dla_pickle_title(pickle, &part[1], title);
}

static dla_status find_bytes(dla_pth_reader *r, const dla_pickle_value *value,
                             const dla_pickle_value *key, dla_pth_storage *storage)
{
  for (size_t i = 0; i < r->storage_count; i++) {
    *storage = r->storage[i];
    if (storage->key_length == key->count && memcmp(storage->key, key->bytes, key->count) == 0)
      return DLA_OK;
  }
  if (!r->zip) return DLA_PTH_FAIL(r, value, "the file has no storage for a tensor");
  char name[512];
  snprintf(name, sizeof name, "%.*sdata/%.*s", r->prefix, r->first_name,
           key->count < 32 ? (int)key->count : 32, (const char *)key->bytes);
  const dla_zip_member *member = dla_zip_find(r->zip, name);
  if (!member) return DLA_PTH_FAIL(r, value, "the archive has no member '%s'", name);
  *storage = (dla_pth_storage){.bytes = member->bytes, .size = member->size};
  return DLA_OK;
}

static dla_status find_storage(dla_pth_reader *r, const dla_pickle_value *value,
                               const dla_pth_storage_id *id, view *v)
{
  dla_pth_storage storage = {0};
  TRY(find_bytes(r, value, id->key, &storage));
  const size_t size = dla_dtype_size(id->dtype);
  v->dtype = id->dtype;
  v->bytes = storage.bytes;
  v->count = id->count;
  if (v->count < 0 || storage.size % size || (uint64_t)v->count != storage.size / size)
    return DLA_PTH_FAIL(r, value, "a tensor's storage has %zu bytes, not %lld numbers",
                        storage.size, (long long)v->count);
  return DLA_OK;
}

static bool read_sizes(const dla_pth_reader *r, const dla_pickle_value *value, dla_shape *shape)
{
  size_t count = 0;
  const dla_pickle_value *sizes = dla_pickle_items(r->pickle, value, &count);
  if (value->kind != DLA_PICKLE_TUPLE || count > DLA_MAX_RANK) return false;
  *shape = (dla_shape){.rank = (int)count};
  for (size_t i = 0; i < count; i++) {
    if (sizes[i].kind != DLA_PICKLE_INT || sizes[i].integer < 0) return false;
    shape->dim[i] = sizes[i].integer;
  }
  return true;
}

/* NULL, or why the view is invalid. A stride of 0 is valid: expand() repeats numbers. */
static const char *find_fault(const view *v)
{
  size_t bytes;
  int64_t last = v->offset;
  if (!dla_dtype_bytes(v->dtype, &v->shape, &bytes)) return "a tensor is too large";
  if (bytes == 0) return NULL;
  for (int i = 0; i < v->shape.rank; i++) {
    int64_t step;
    if (__builtin_mul_overflow(v->shape.dim[i] - 1, v->stride.dim[i], &step) ||
        __builtin_add_overflow(last, step, &last))
      return "a tensor is too large";
  }
  return last >= v->count ? "a tensor reaches beyond its storage" : NULL;
}

static bool is_dense(const view *v)
{
  int64_t expected = 1;
  for (int i = v->shape.rank - 1; i >= 0; i--) {
    if (v->shape.dim[i] != 1 && v->stride.dim[i] != expected) return false;
    expected *= v->shape.dim[i];
  }
  return true;
}

static void copy(const view *v, char *to)
{
  const size_t size = dla_dtype_size(v->dtype);
  int64_t dim[DLA_MAX_RANK] = {1, 1, 1, 1}, stride[DLA_MAX_RANK] = {0}, at[DLA_MAX_RANK];
  for (int i = 0; i < v->shape.rank; i++) {
    dim[DLA_MAX_RANK - v->shape.rank + i] = v->shape.dim[i];
    stride[DLA_MAX_RANK - v->shape.rank + i] = v->stride.dim[i];
  }
  for (at[0] = 0; at[0] < dim[0]; at[0]++)
    for (at[1] = 0; at[1] < dim[1]; at[1]++)
      for (at[2] = 0; at[2] < dim[2]; at[2]++)
        for (at[3] = 0; at[3] < dim[3]; at[3]++) {
          int64_t from = v->offset + at[0] * stride[0] + at[1] * stride[1] + at[2] * stride[2] +
                         at[3] * stride[3];
          memcpy(to, v->bytes + (size_t)from * size, size);
          to += size;
        }
}

/* The arguments of the call that makes the tensor, without wrappers; NULL: not a tensor. *other
 * is set for a type that is not read. */
static const dla_pickle_value *
tensor_arguments(const dla_pth_reader *r, const dla_pickle_value *value, size_t *count, bool *other)
{
  const dla_pickle_value *a;
  *other = false;
  if (dla_pickle_is_call(r->pickle, value, CALL_PARAMETER, &a, count) && *count > 0) value = &a[0];
  if (dla_pickle_is_call(r->pickle, value, CALL_TENSOR, &a, count)) return a;
  if (dla_pickle_is_call(r->pickle, value, CALL_TYPED, &a, count) && *count > 2 &&
      a[0].kind == DLA_PICKLE_GLOBAL) {
    *other = a[0].integer != CALL_TENSOR;
    if (*other || a[2].kind == DLA_PICKLE_TUPLE) return dla_pickle_items(r->pickle, &a[2], count);
  }
  *other = dla_pickle_is_call(r->pickle, value, CALL_OTHER, &a, count);
  return *other ? a : NULL;
}

bool dla_pth_is_tensor(const dla_pth_reader *r, const dla_pickle_value *value)
{
  size_t count;
  bool other;
  return value->kind == DLA_PICKLE_CALL && (tensor_arguments(r, value, &count, &other) || other);
}

enum { UNREAD = DLA_PICKLE_TITLE };

/* Does the last argument say that the numbers are not as stored? */
static bool is_lazy(const dla_pth_reader *r, const dla_pickle_value *metadata)
{
  const dla_pickle_value *neg = dla_pickle_get(r->pickle, metadata, "neg");
  const dla_pickle_value *conj = dla_pickle_get(r->pickle, metadata, "conj");
  return (neg && neg->kind == DLA_PICKLE_BOOL && neg->integer) ||
         (conj && conj->kind == DLA_PICKLE_BOOL && conj->integer);
}

/* unread: why the tensor is not read, or "". */
static dla_status read_view(dla_pth_reader *r, const dla_pickle_value *value, view *v,
                            char unread[UNREAD])
{
  size_t count = 0, rank = 0;
  bool other;
  dla_pth_storage_id id;
  const dla_pickle_value *a = tensor_arguments(r, value, &count, &other);
  unread[0] = '\0';
  if (other) {
    dla_pickle_title(r->pickle, value, unread);
    return DLA_OK;
  }
  if (!a || count < 4) return DLA_PTH_FAIL(r, value, "a tensor cannot be understood");
  char title[DLA_PICKLE_TITLE];
  const char *class = dla_pth_read_storage_id(r->pickle, &a[0], &id, title);
  if (class && !*class) return DLA_PTH_FAIL(r, value, "a tensor's storage cannot be understood");
  if (class) snprintf(unread, UNREAD, "a tensor of %.100s", class);
  if (class) return DLA_OK;
  dla_pickle_items(r->pickle, &a[2], &rank);
  if (rank > DLA_MAX_RANK) snprintf(unread, UNREAD, "a tensor of %zu dimensions", rank);
  if (rank > DLA_MAX_RANK) return DLA_OK;
  if (count > 6 && is_lazy(r, &a[6])) snprintf(unread, UNREAD, "a negated or conjugated view");
  if (unread[0]) return DLA_OK;
  TRY(find_storage(r, &a[0], &id, v));
  if (a[1].kind != DLA_PICKLE_INT || a[1].integer < 0 || !read_sizes(r, &a[2], &v->shape) ||
      !read_sizes(r, &a[3], &v->stride) || v->shape.rank != v->stride.rank)
    return DLA_PTH_FAIL(r, value, "a tensor's offset, size or stride cannot be understood");
  v->offset = a[1].integer;
  const char *fault = find_fault(v);
  return fault ? DLA_PTH_FAIL(r, value, "%s", fault) : DLA_OK;
}

static void swap_bytes(char *bytes, size_t count, size_t size)
{
  for (char *end = bytes + count; bytes < end; bytes += size)
    for (size_t i = 0; i < size / 2; i++) {
      char byte = bytes[i];
      bytes[i] = bytes[size - 1 - i];
      bytes[size - 1 - i] = byte;
    }
}

static dla_status add_view(dla_pth_reader *r, const char *name, const dla_pickle_value *value,
                           const view *v)
{
  size_t bytes = 0;
  const size_t size = dla_dtype_size(v->dtype);
  dla_dtype_bytes(v->dtype, &v->shape, &bytes); /* cannot fail: find_fault() has checked it */
  if (bytes > r->left) return DLA_PTH_FAIL(r, value, "the tensors share their storages too often");
  r->left -= bytes;
  if (!bytes || (is_dense(v) && !(r->big_endian && size > 1)))
    return dla_tensor_set_add(r->set, name, v->dtype, &v->shape,
                              v->bytes + (bytes ? (size_t)v->offset * size : 0), r->err);
  void *room = NULL;
  TRY(dla_tensor_set_make(r->set, name, v->dtype, &v->shape, &room, r->err));
  copy(v, room);
  if (r->big_endian) swap_bytes(room, bytes, size);
  return DLA_OK;
}

dla_status dla_pth_add_tensor(dla_pth_reader *r, const char *prefix, const char *name,
                              const dla_pickle_value *value)
{
  view v = {0};
  char unread[UNREAD];
  TRY(read_view(r, value, &v, unread));
  if (unread[0]) return dla_tensor_set_leave_out(r->set, name, unread, true, r->err);
  size_t length = strlen(prefix) + strlen(name) + 1;
  char *full = malloc(length);
  if (!full) return dla_fail_memory(r->err, "a checkpoint");
  snprintf(full, length, "%s%s", prefix, name);
  dla_status status = add_view(r, full, value, &v);
  free(full);
  return status;
}

/* The same without reporting an error. */
static bool peek(dla_pth_reader *r, const dla_pickle_value *value, view *v)
{
  char unread[UNREAD];
  dla_error ignored = {0}, *before = r->err;
  r->err = &ignored;
  dla_status status = read_view(r, value, v, unread);
  r->err = before;
  return !status && !unread[0];
}

bool dla_pth_shape(dla_pth_reader *r, const dla_pickle_value *value, dla_shape *shape)
{
  view v = {0};
  if (!dla_pth_is_tensor(r, value) || !peek(r, value, &v)) return false;
  *shape = v.shape;
  return true;
}

bool dla_pth_scalar(dla_pth_reader *r, const dla_pickle_value *value, double *number)
{
  view v = {0};
  char bytes[8];
  if (!peek(r, value, &v) || dla_shape_count(&v.shape) != 1) return false;
  size_t size = dla_dtype_size(v.dtype);
  memcpy(bytes, v.bytes + (size_t)v.offset * size, size);
  if (r->big_endian) swap_bytes(bytes, size, size);
  *number = dla_dtype_number(v.dtype, bytes, 0);
  return true;
}
