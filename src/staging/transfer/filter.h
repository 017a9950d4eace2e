/* Which files are meant: --exclude and --include. */
#ifndef DLA_STAGING_TRANSFER_FILTER_H
#define DLA_STAGING_TRANSFER_FILTER_H

#include "staging/storage/storage.h"

/* A pattern of the shell, in which * and ? also stand for a slash. */
typedef struct dla_filter {
  const char *pattern;
  bool include;
} dla_filter;

typedef struct dla_filters {
  const dla_filter *item;
  size_t count;
} dla_filters;

/* The last pattern that matches decides. What none matches is meant, unless the first one of them
 * includes: then nothing else is. */
bool dla_filter_takes(const dla_filter *filters, size_t count, const char *key);
/* Keeps what they take. */
void dla_objects_filter(dla_objects *objects, const dla_filter *filters, size_t count);

#endif
