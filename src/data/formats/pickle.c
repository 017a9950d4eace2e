#include "data/formats/pickle.h"

#include "data/address.h"

static const dla_pickle_callable callables[] = {
    {"_codecs", "encode", 0, DLA_PICKLE_MAKES_BYTES},
    {"collections", "OrderedDict", 0, DLA_PICKLE_MAKES_DICT},
    {"collections", "defaultdict", 0, DLA_PICKLE_MAKES_DICT},
    {0},
};

dla_status dla_pickle_read(const dla_blob *blob, dla_pickle **pickle, dla_error *err)
{
  const dla_pickle_dialect dialect = {
      .callables = callables,
      .hint = dla_dataset_address(blob->name),
  };
  const dla_pickle_input input = {blob->name, blob->bytes, blob->size, &dialect, false};
  return dla_pickle_parse(&input, pickle, err);
}
