/* One file, two files: numbers of things, for people. */
#ifndef DLA_BASE_PLURAL_H
#define DLA_BASE_PLURAL_H

#include <stdint.h>

/* What stands behind the noun. */
static inline const char *dla_plural(uint64_t count)
{
  return count == 1 ? "" : "s";
}

/* The verb between: "one file is", "two files are". */
static inline const char *dla_are(uint64_t count)
{
  return count == 1 ? "is" : "are";
}

#endif
