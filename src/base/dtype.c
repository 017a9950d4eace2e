#include "dla/dtype.h"

#include <math.h>
#include <string.h>

static const struct {
  const char *name, *storage;
  size_t size;
} types[DLA_DTYPE_COUNT] = {
    [DLA_F64] = {"F64", "DoubleStorage", 8},
    [DLA_F32] = {"F32", "FloatStorage", 4},
    [DLA_F16] = {"F16", "HalfStorage", 2},
    [DLA_BF16] = {"BF16", "BFloat16Storage", 2},
    [DLA_I64] = {"I64", "LongStorage", 8},
    [DLA_I32] = {"I32", "IntStorage", 4},
    [DLA_I16] = {"I16", "ShortStorage", 2},
    [DLA_I8] = {"I8", "CharStorage", 1},
    [DLA_U8] = {"U8", "ByteStorage", 1},
    [DLA_BOOL] = {"BOOL", "BoolStorage", 1},
    [DLA_U64] = {"U64", NULL, 8},
    [DLA_U32] = {"U32", NULL, 4},
    [DLA_U16] = {"U16", NULL, 2},
};

const char *dla_dtype_name(dla_dtype dtype)
{
  return types[dtype].name;
}

bool dla_dtype_find(const char *name, dla_dtype *dtype)
{
  for (int i = 0; i < DLA_DTYPE_COUNT; i++)
    if (strcmp(types[i].name, name) == 0) {
      *dtype = (dla_dtype)i;
      return true;
    }
  return false;
}

const char *dla_dtype_storage(dla_dtype dtype)
{
  return types[dtype].storage;
}

bool dla_dtype_is_float(dla_dtype dtype)
{
  return dtype == DLA_F64 || dtype == DLA_F32 || dtype == DLA_F16 || dtype == DLA_BF16;
}

size_t dla_dtype_size(dla_dtype dtype)
{
  return types[dtype].size;
}

bool dla_dtype_bytes(dla_dtype dtype, const dla_shape *shape, size_t *bytes)
{
  *bytes = types[dtype].size;
  for (int i = 0; i < shape->rank; i++)
    if (shape->dim[i] < 0 || __builtin_mul_overflow(*bytes, (size_t)shape->dim[i], bytes))
      return false;
  return true;
}

/* IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction. */
static double half(uint16_t bits)
{
  int exponent = bits >> 10 & 31;
  double fraction = bits & 1023, value;
  if (exponent == 31)
    value = fraction > 0 ? NAN : INFINITY;
  else
    value = exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
  return bits & 0x8000 ? -value : value;
}

/* bfloat16: the upper half of a binary32. */
static double bfloat16(uint16_t bits)
{
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return (double)value;
}

double dla_dtype_number(dla_dtype dtype, const void *bytes, size_t index)
{
  union {
    double f64;
    float f32;
    int64_t i64;
    uint64_t u64;
    int32_t i32;
    uint32_t u32;
    int16_t i16;
    uint16_t u16;
    int8_t i8;
    uint8_t u8;
  } v;
  memcpy(&v, (const char *)bytes + index * types[dtype].size, types[dtype].size);
  switch (dtype) {
  case DLA_F64:
    return v.f64;
  case DLA_F32:
    return (double)v.f32;
  case DLA_F16:
    return half(v.u16);
  case DLA_BF16:
    return bfloat16(v.u16);
  case DLA_I64:
    return (double)v.i64;
  case DLA_U64:
    return (double)v.u64;
  case DLA_I32:
    return v.i32;
  case DLA_U32:
    return v.u32;
  case DLA_I16:
    return v.i16;
  case DLA_U16:
    return v.u16;
  case DLA_I8:
    return v.i8;
  default:
    return v.u8;
  }
}
