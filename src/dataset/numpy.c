#include "dataset/numpy.h"

/* numpy/core/src/multiarray/methods.c, array_reduce and array_setstate: an array is
 *   _reconstruct(ndarray, (0,), b'b')  with the state  (1, shape, dtype, is_fortran, bytes)
 * and the dtype is dtype('u1', align, copy), with a state that says nothing for single bytes. */
enum { STATE_VERSION, STATE_SHAPE, STATE_DTYPE, STATE_FORTRAN, STATE_BYTES, STATE_COUNT };

static bool is_byte_type(const dla_pickle *pickle, const dla_pickle_value *value)
{
  size_t count;
  const dla_pickle_value *arguments;
  return dla_pickle_is_call(pickle, value, DLA_PICKLE_DTYPE, &arguments, &count) && count > 0 &&
         dla_pickle_is_string(&arguments[0], "u1");
}

static bool is_size(const dla_pickle_value *value)
{
  return value->kind == DLA_PICKLE_INT && value->integer >= 0 && value->integer <= INT32_MAX;
}

dla_status dla_numpy_read(const dla_blob *blob, const dla_pickle *pickle,
                          const dla_pickle_value *value, dla_numpy_bytes *array, dla_error *err)
{
  size_t count, dimensions;
  const dla_pickle_value *call;
  if (!dla_pickle_is_call(pickle, value, DLA_PICKLE_RECONSTRUCT, &call, &count))
    return dla_blob_fail(blob, value->offset, err, "this is no numpy array");
  call = dla_pickle_items(pickle, value, &count);
  const dla_pickle_value *state = count == 3 ? dla_pickle_items(pickle, &call[2], &count) : NULL;
  if (!state || count != STATE_COUNT || state[STATE_BYTES].kind != DLA_PICKLE_STRING)
    return dla_blob_fail(blob, value->offset, err, "the numpy array has no contents");
  const dla_pickle_value *shape = dla_pickle_items(pickle, &state[STATE_SHAPE], &dimensions);
  if (dimensions != 2 || !is_size(&shape[0]) || !is_size(&shape[1]))
    return dla_blob_fail(blob, state[STATE_SHAPE].offset, err, "the numpy array is no matrix");
  if (!is_byte_type(pickle, &state[STATE_DTYPE]))
    return dla_blob_fail(blob, state[STATE_DTYPE].offset, err,
                         "the numpy array is of another type than uint8");
  if (state[STATE_FORTRAN].kind != DLA_PICKLE_BOOL || state[STATE_FORTRAN].integer)
    return dla_blob_fail(blob, state[STATE_FORTRAN].offset, err,
                         "the numpy array is stored column by column");
  *array = (dla_numpy_bytes){(size_t)shape[0].integer, (size_t)shape[1].integer,
                             state[STATE_BYTES].bytes};
  if (array->rows * array->columns != state[STATE_BYTES].count)
    return dla_blob_fail(blob, state[STATE_BYTES].offset, err,
                         "the numpy array of %zu x %zu has %zu bytes", array->rows, array->columns,
                         state[STATE_BYTES].count);
  return DLA_OK;
}
