/* Number types of a program's values and of tensors in checkpoints, which use more of them. To
 * add one, add a row in src/base/dtype.c. */
#ifndef DLA_DTYPE_H
#define DLA_DTYPE_H

#include "dla/tensor.h"

typedef enum dla_dtype {
  DLA_F64,
  DLA_F32,
  DLA_F16,
  DLA_BF16,
  DLA_I64,
  DLA_I32,
  DLA_I16,
  DLA_I8,
  DLA_U8,
  DLA_BOOL,
  DLA_U64,
  DLA_U32,
  DLA_U16,
  DLA_DTYPE_COUNT
} dla_dtype;

/* safetensors' name: "F32". */
const char *dla_dtype_name(dla_dtype dtype);
bool dla_dtype_find(const char *name, dla_dtype *dtype);
/* PyTorch's storage class, without its module: "FloatStorage"; NULL: .pth files lack the type. */
const char *dla_dtype_storage(dla_dtype dtype);
bool dla_dtype_is_float(dla_dtype dtype);
/* Bytes of one number. */
size_t dla_dtype_size(dla_dtype dtype);

/* Bytes of a tensor. False if the shape is invalid (a negative size) or overflows. */
bool dla_dtype_bytes(dla_dtype dtype, const dla_shape *shape, size_t *bytes);

/* Number `index` in little-endian bytes, which may be unaligned. */
double dla_dtype_number(dla_dtype dtype, const void *bytes, size_t index);

#endif
