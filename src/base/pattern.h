/* Patterns of names with dots between their parts, as "level0.0.weight". */
#ifndef DLA_BASE_PATTERN_H
#define DLA_BASE_PATTERN_H

#include <stdbool.h>

/* As fnmatch(3) has it, of the whole name or of its first parts: "base", "level[0-2]", "*.bias". */
bool dla_name_fits(const char *pattern, const char *name);

#endif
