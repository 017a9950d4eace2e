/* Patterns for names whose parts are divided by dots, such as "level0.0.weight". */
#ifndef DLA_BASE_PATTERN_H
#define DLA_BASE_PATTERN_H

#include <stdbool.h>

/* Whether the pattern matches the whole name or its first parts, by fnmatch(3): "base",
 * "level[0-2]", "*.bias". */
bool dla_name_fits(const char *pattern, const char *name);

#endif
