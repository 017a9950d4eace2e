/* One file, two files: the grammar of counts in messages. */
#ifndef DLA_BASE_PLURAL_H
#define DLA_BASE_PLURAL_H

#include <stdint.h>

/* The ending of the noun. */
static inline const char *dla_plural(uint64_t count)
{
  return count == 1 ? "" : "s";
}

/* The verb: "one file is", "two files are". */
static inline const char *dla_are(uint64_t count)
{
  return count == 1 ? "is" : "are";
}

#endif
