#include "dataset/numpy.h"

#include "pickle/numpy.h"

dla_status dla_numpy_read(const dla_blob *blob, const dla_pickle *pickle,
                          const dla_pickle_value *value, dla_numpy_bytes *bytes, dla_error *err)
{
  dla_numpy_array array;
  const char *fault = dla_numpy_read_array(pickle, value, &array);
  if (!fault && array.rank != 2) fault = "the numpy array is no matrix";
  if (!fault && (array.type.kind != 'u' || array.type.size != 1))
    fault = "the numpy array is of another type than uint8";
  if (!fault && array.fortran) fault = "the numpy array is stored column by column";
  if (fault) return dla_blob_fail(blob, value->offset, err, "%s", fault);
  *bytes = (dla_numpy_bytes){(size_t)array.dim[0], (size_t)array.dim[1], array.bytes};
  return DLA_OK;
}
