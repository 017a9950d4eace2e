/* Tensors in a pickle of PyTorch (torch/_utils.py, torch/serialization.py):
 *   _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])
 * where the storage is the persistent id ('storage', torch.FloatStorage, key, device, count), its
 * bytes are the zip member data/KEY, and offset and strides count numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/pth_reader.h"

enum { CALL_TENSOR = DLA_DTYPE_COUNT, CALL_PARAMETER, CALL_DICT }; /* below: storages, by dtype */

static const dla_pickle_callable callables[] = {
    {"collections", "OrderedDict", CALL_DICT, DLA_PICKLE_MAKES_DICT},
    {"torch._utils", "_rebuild_tensor_v2", CALL_TENSOR, DLA_PICKLE_MAKES_CALL},
    {"torch._utils", "_rebuild_parameter", CALL_PARAMETER, DLA_PICKLE_MAKES_CALL},
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
    {0},
};

const dla_pickle_dialect dla_pth_dialect = {
    .callables = callables,
    .hint = "it should be what torch.save makes of {'net': state_dict, 'acc': percent, 'epoch': n}",
};

/* Where a tensor's numbers lie in its storage. */
typedef struct view {
  dla_dtype dtype;
  const uint8_t *bytes; /* of the storage */
  int64_t count;        /* numbers in it */
  int64_t offset;
  dla_shape shape, stride;
} view;

static dla_status find_storage(dla_pth_reader *r, const dla_pickle_value *value, view *v)
{
  size_t count = 0;
  const dla_pickle_value *id = dla_pickle_items(r->pickle, value, &count);
  if (value->kind == DLA_PICKLE_PERSISTENT) id = dla_pickle_items(r->pickle, &id[0], &count);
  if (value->kind != DLA_PICKLE_PERSISTENT || count < 5 || id[1].kind != DLA_PICKLE_GLOBAL ||
      id[1].integer >= DLA_DTYPE_COUNT || id[2].kind != DLA_PICKLE_STRING ||
      id[4].kind != DLA_PICKLE_INT || !dla_pickle_is_string(&id[0], "storage"))
    return DLA_PTH_FAIL(r, value, "a tensor's storage cannot be understood");
  char name[512];
  snprintf(name, sizeof name, "%.*sdata/%.*s", r->prefix, r->first_name,
           id[2].count < 32 ? (int)id[2].count : 32, (const char *)id[2].bytes);
  const dla_zip_member *member = dla_zip_find(r->zip, name);
  if (!member) return DLA_PTH_FAIL(r, value, "the archive has no member '%s'", name);
  v->dtype = (dla_dtype)id[1].integer;
  v->bytes = member->bytes;
  v->count = id[4].integer;
  const size_t size = dla_dtype_size(v->dtype);
  if (v->count < 0 || member->size % size || (uint64_t)v->count != member->size / size)
    return DLA_PTH_FAIL(r, value, "the archive's member '%s' has %zu bytes, not %lld numbers", name,
                        member->size, (long long)v->count);
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

/* NULL, or why no tensor can lie so. Of one that repeats numbers (stride 0) no file's size would
 * bound the size, and no parameter is one. */
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
  if (last >= v->count) return "a tensor reaches beyond its storage";
  return bytes / dla_dtype_size(v->dtype) > (size_t)v->count
             ? "a tensor repeats the numbers of its storage"
             : NULL;
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

static dla_status read_view(dla_pth_reader *r, const dla_pickle_value *value, view *v)
{
  const dla_pickle_value *a;
  size_t count;
  if (!dla_pickle_is_call(r->pickle, value, CALL_TENSOR, &a, &count) || count < 6)
    return DLA_PTH_FAIL(r, value, "a tensor cannot be understood");
  dla_status status = find_storage(r, &a[0], v);
  if (status) return status;
  if (a[1].kind != DLA_PICKLE_INT || a[1].integer < 0 || !read_sizes(r, &a[2], &v->shape) ||
      !read_sizes(r, &a[3], &v->stride) || v->shape.rank != v->stride.rank)
    return DLA_PTH_FAIL(r, value, "a tensor's offset, size or stride cannot be understood");
  v->offset = a[1].integer;
  const char *fault = find_fault(v);
  return fault ? DLA_PTH_FAIL(r, value, "%s", fault) : DLA_OK;
}

static const dla_pickle_value *unwrap(const dla_pth_reader *r, const dla_pickle_value *value)
{
  const dla_pickle_value *a;
  size_t count;
  bool parameter = dla_pickle_is_call(r->pickle, value, CALL_PARAMETER, &a, &count) && count > 0;
  return parameter ? &a[0] : value;
}

bool dla_pth_is_tensor(const dla_pth_reader *r, const dla_pickle_value *value)
{
  const dla_pickle_value *a;
  size_t count;
  return dla_pickle_is_call(r->pickle, unwrap(r, value), CALL_TENSOR, &a, &count);
}

dla_status dla_pth_add_tensor(dla_pth_reader *r, const char *name, const dla_pickle_value *value)
{
  view v = {0};
  size_t bytes = 0;
  dla_status status = read_view(r, unwrap(r, value), &v);
  if (status) return status;
  dla_dtype_bytes(v.dtype, &v.shape, &bytes); /* find_fault() has seen that it can */
  if (bytes > r->left) return DLA_PTH_FAIL(r, value, "the tensors share their storages too often");
  r->left -= bytes;
  if (!bytes || is_dense(&v))
    return dla_tensor_set_add(r->set, name, v.dtype, &v.shape,
                              v.bytes + (bytes ? (size_t)v.offset * dla_dtype_size(v.dtype) : 0),
                              r->err);
  void *room = NULL;
  status = dla_tensor_set_make(r->set, name, v.dtype, &v.shape, &room, r->err);
  if (!status) copy(&v, room);
  return status;
}

dla_status dla_pth_scalar(dla_pth_reader *r, const dla_pickle_value *value, double *number)
{
  view v = {0};
  dla_status status = read_view(r, unwrap(r, value), &v);
  if (status) return status;
  if (v.shape.rank != 0) return DLA_PTH_FAIL(r, value, "a tensor stands where a number should");
  *number = dla_dtype_number(v.dtype, v.bytes, (size_t)v.offset);
  return DLA_OK;
}
