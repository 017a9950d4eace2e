#include "base/pattern.h"

#include <fnmatch.h>
#include <stddef.h>

bool dla_name_fits(const char *pattern, const char *name)
{
  /* fnmatch()'s FNM_LEADING_DIR is no help: it works on slashes, and only GNU has it. */
  char start[512];
  if (fnmatch(pattern, name, 0) == 0) return true;
  for (size_t i = 0; name[i] && i + 1 < sizeof start; i++) {
    start[i] = name[i];
    start[i + 1] = '\0';
    if (name[i + 1] == '.' && fnmatch(pattern, start, 0) == 0) return true;
  }
  return false;
}
