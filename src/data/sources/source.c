#include "data/sources/source.h"

#include <stdlib.h>

#include "base/try.h"
#include "data/address.h"

bool dla_source_has(const dla_source *source, int member)
{
  return source->found[member].name && !source->found[member].leads_to;
}

dla_status dla_source_check(const dla_source *source, dla_part part, dla_error *err)
{
  const dla_format *format = source->format;
  for (int m = 0; format->members[m].name; m++) {
    const dla_blob *blob = &source->found[m];
    if (format->members[m].part != part || dla_source_has(source, m)) continue;
    if (blob->name)
      return dla_fail(err, DLA_E_INPUT, blob->name, "mend the link, or put the file in its place",
                      "it is a link to %.200s, which is not there", blob->leads_to);
    return dla_fail(err, DLA_E_INPUT, source->place, dla_dataset_address(format->members[m].name),
                    "%s is missing from the %s", format->members[m].name, format->title);
  }
  return DLA_OK;
}

dla_status dla_source_take(dla_source *source, int member, dla_blob *blob, dla_error *err)
{
  dla_blob *found = &source->found[member];
  *blob = (dla_blob){0};
  if (!found->bytes) {
    TRY(dla_blob_read(found->name, blob, err));
  } else {
    *blob = *found;
    *found = (dla_blob){0};
    TRY(dla_blob_decompress(blob, err));
  }
  return dla_blob_check_kind(blob, err);
}

void dla_source_close(dla_source *source)
{
  free(source->place);
  for (int m = 0; m < DLA_MEMBERS_MAX; m++)
    dla_blob_free(&source->found[m]);
  *source = (dla_source){0};
}
