#include "staging/transfer/filter.h"

#include <fnmatch.h>
#include <stdlib.h>

bool dla_filter_takes(const dla_filter *filters, size_t count, const char *key)
{
  bool takes = !(count && filters[0].include);
  for (size_t i = 0; i < count; i++)
    if (fnmatch(filters[i].pattern, key, 0) == 0) takes = filters[i].include;
  return takes;
}

void dla_objects_filter(dla_objects *objects, const dla_filter *filters, size_t count)
{
  size_t kept = 0;
  for (size_t i = 0; i < objects->count; i++) {
    if (dla_filter_takes(filters, count, objects->item[i].key))
      objects->item[kept++] = objects->item[i];
    else
      free(objects->item[i].key);
  }
  objects->count = kept;
}
