/* Selects files: --exclude and --include. */
#ifndef DLA_STAGING_TRANSFER_FILTER_H
#define DLA_STAGING_TRANSFER_FILTER_H

#include "staging/storage/storage.h"

/* A shell pattern; * and ? also match a slash. */
typedef struct dla_filter {
  const char *pattern;
  bool include;
} dla_filter;

typedef struct dla_filters {
  const dla_filter *item;
  size_t count;
} dla_filters;

/* The last matching pattern decides. A key that no pattern matches is taken, unless the first
 * pattern is an include. */
bool dla_filter_takes(const dla_filter *filters, size_t count, const char *key);
/* Keeps the objects that the filters take. */
void dla_objects_filter(dla_objects *objects, const dla_filter *filters, size_t count);

#endif
