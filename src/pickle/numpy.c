/* numpy/core/src/multiarray/methods.c, array_reduce and array_setstate, and scalartypes.c:
 *   _reconstruct(ndarray, (0,), b'b')     state (1, shape, dtype, is_fortran, bytes)
 *   _frombuffer(bytes, dtype, shape, 'C' or 'F')     protocol 5
 *   scalar(dtype, bytes)
 *   dtype('f8', align, copy)     state (3, '<', ...) */
#include "pickle/numpy.h"

#include <stdlib.h>
#include <string.h>

enum { STATE_VERSION, STATE_SHAPE, STATE_DTYPE, STATE_FORTRAN, STATE_BYTES, STATE_COUNT };
enum { BUFFER_BYTES, BUFFER_DTYPE, BUFFER_SHAPE, BUFFER_ORDER, BUFFER_COUNT };

/* The arguments of a call of a function of numpy.core.MODULE (numpy 1) or numpy._core.MODULE (numpy
 * 2). *state is NULL if none was set. */
static const dla_pickle_value *arguments_of(const dla_pickle *pickle, const dla_pickle_value *value,
                                            const char *const modules[], const char *name,
                                            size_t *count, const dla_pickle_value **state)
{
  size_t parts;
  const dla_pickle_value *call = dla_pickle_items(pickle, value, &parts);
  if (value->kind != DLA_PICKLE_CALL) return NULL;
  for (int i = 0; modules[i]; i++)
    if (dla_pickle_is_global(pickle, &call[0], modules[i], name)) {
      *state = parts > 2 ? &call[2] : NULL;
      const dla_pickle_value *arguments = dla_pickle_items(pickle, &call[1], count);
      return arguments ? arguments : &call[1]; /* without arguments, *count is 0 */
    }
  return NULL;
}

/* Finds a dtype by numpy's name without the byte order: "f8". */
static bool find_dtype(const uint8_t *name, dla_dtype *dtype)
{
  static const struct {
    char name[3];
    dla_dtype dtype;
  } types[] = {{"f8", DLA_F64}, {"f4", DLA_F32}, {"f2", DLA_F16}, {"i8", DLA_I64},
               {"i4", DLA_I32}, {"i2", DLA_I16}, {"i1", DLA_I8},  {"u8", DLA_U64},
               {"u4", DLA_U32}, {"u2", DLA_U16}, {"u1", DLA_U8},  {"b1", DLA_BOOL}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (memcmp(types[i].name, name, 2) == 0) {
      *dtype = types[i].dtype;
      return true;
    }
  return false;
}

static bool read_type(const dla_pickle *pickle, const dla_pickle_value *value, dla_numpy_type *type)
{
  static const char *const modules[] = {"numpy", NULL};
  const dla_pickle_value *state = NULL, *items;
  size_t count = 0;
  const dla_pickle_value *name = arguments_of(pickle, value, modules, "dtype", &count, &state);
  if (!name || count == 0 || name->kind != DLA_PICKLE_STRING || name->count < 2 || name->count > 3)
    return false;
  const char order = (char)name->bytes[0]; /* some files have '<f8' */
  bool ordered = memchr("<>|=", order, 4) != NULL;
  if (name->count != (ordered ? 3u : 2u)) return false;
  type->big_endian = order == '>';
  items = state ? dla_pickle_items(pickle, state, &count) : NULL;
  if (items && count > 1 && dla_pickle_is_string(&items[1], ">")) type->big_endian = true;
  return find_dtype(name->bytes + ordered, &type->dtype);
}

static bool read_shape(const dla_pickle *pickle, const dla_pickle_value *value,
                       dla_numpy_array *array)
{
  size_t rank;
  const dla_pickle_value *dim = dla_pickle_items(pickle, value, &rank);
  if (value->kind == DLA_PICKLE_INT) dim = value, rank = 1;
  if ((!dim && rank) || rank > DLA_NUMPY_RANK_MAX) return false;
  array->rank = (int)rank;
  array->count = 1;
  for (size_t i = 0; i < rank; i++) {
    array->dim[i] = dim[i].integer;
    if (dim[i].kind != DLA_PICKLE_INT || dim[i].integer < 0 ||
        __builtin_mul_overflow(array->count, (size_t)dim[i].integer, &array->count))
      return false;
  }
  return true;
}

const char *dla_numpy_read_array(const dla_pickle *pickle, const dla_pickle_value *value,
                                 dla_numpy_array *array)
{
  static const char *const multiarray[] = {"numpy.core.multiarray", "numpy._core.multiarray", NULL};
  static const char *const numeric[] = {"numpy.core.numeric", "numpy._core.numeric", NULL};
  const dla_pickle_value *state = NULL, *bytes, *dtype, *shape;
  size_t count = 0;
  *array = (dla_numpy_array){0};
  const dla_pickle_value *a = arguments_of(pickle, value, numeric, "_frombuffer", &count, &state);
  if (a && count == BUFFER_COUNT) {
    bytes = &a[BUFFER_BYTES], dtype = &a[BUFFER_DTYPE], shape = &a[BUFFER_SHAPE];
    array->fortran = dla_pickle_is_string(&a[BUFFER_ORDER], "F");
  } else if (arguments_of(pickle, value, multiarray, "_reconstruct", &count, &state)) {
    a = state ? dla_pickle_items(pickle, state, &count) : NULL;
    if (!a || count != STATE_COUNT) return "the numpy array has no contents";
    bytes = &a[STATE_BYTES], dtype = &a[STATE_DTYPE], shape = &a[STATE_SHAPE];
    array->fortran = a[STATE_FORTRAN].kind == DLA_PICKLE_BOOL && a[STATE_FORTRAN].integer;
  } else {
    return "this is no numpy array";
  }
  if (!read_type(pickle, dtype, &array->type))
    return "the numpy array holds something else than numbers";
  if (!read_shape(pickle, shape, array)) return "the numpy array has no shape";
  const size_t size = dla_dtype_size(array->type.dtype);
  if (bytes->kind != DLA_PICKLE_STRING || bytes->count / size != array->count ||
      bytes->count % size)
    return "the numpy array has more or fewer bytes than its shape";
  array->bytes = bytes->bytes;
  return NULL;
}

double dla_numpy_number(const dla_numpy_type *type, const uint8_t *bytes, size_t index)
{
  const size_t size = dla_dtype_size(type->dtype);
  uint8_t swapped[8];
  if (!type->big_endian) return dla_dtype_number(type->dtype, bytes, index);
  for (size_t i = 0; i < size; i++)
    swapped[i] = bytes[(index + 1) * size - 1 - i];
  return dla_dtype_number(type->dtype, swapped, 0);
}

bool dla_numpy_read_scalar(const dla_pickle *pickle, const dla_pickle_value *value, double *number)
{
  static const char *const modules[] = {"numpy.core.multiarray", "numpy._core.multiarray", NULL};
  const dla_pickle_value *state = NULL;
  size_t count = 0;
  dla_numpy_array array;
  dla_numpy_type type;
  const dla_pickle_value *a = arguments_of(pickle, value, modules, "scalar", &count, &state);
  if (a && count == 2 && read_type(pickle, &a[0], &type) && a[1].kind == DLA_PICKLE_STRING &&
      a[1].count == dla_dtype_size(type.dtype)) {
    *number = dla_numpy_number(&type, a[1].bytes, 0);
    return true;
  }
  if (dla_numpy_read_array(pickle, value, &array) || array.count != 1) return false;
  *number = dla_numpy_number(&array.type, array.bytes, 0);
  return true;
}
