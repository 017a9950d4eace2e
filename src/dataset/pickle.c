#include "dataset/pickle.h"

static const dla_pickle_callable callables[] = {
    {"numpy.core.multiarray", "_reconstruct", DLA_PICKLE_RECONSTRUCT, DLA_PICKLE_MAKES_CALL},
    /* numpy 2: */
    {"numpy._core.multiarray", "_reconstruct", DLA_PICKLE_RECONSTRUCT, DLA_PICKLE_MAKES_CALL},
    {"numpy", "ndarray", DLA_PICKLE_NDARRAY, DLA_PICKLE_MAKES_CALL},
    {"numpy", "dtype", DLA_PICKLE_DTYPE, DLA_PICKLE_MAKES_CALL},
    {"_codecs", "encode", DLA_PICKLE_ENCODE, DLA_PICKLE_MAKES_BYTES},
    {0},
};

static const dla_pickle_dialect dialect = {
    .callables = callables,
    .of = "dataset",
    .hint = DLA_BLOB_HINT,
};

dla_status dla_pickle_read(const dla_blob *blob, dla_pickle **pickle, dla_error *err)
{
  const dla_pickle_input input = {blob->name, blob->bytes, blob->size, &dialect};
  return dla_pickle_parse(&input, pickle, err);
}
