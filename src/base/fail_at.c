#include "base/fail_at.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

dla_status dla_fail_at(dla_error *err, const char *name, size_t offset, const char *hint,
                       const char *format, ...)
{
  char what[sizeof err->what], where[sizeof err->where];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  /* The end of a long path says more than its start, and the offset must fit. */
  size_t length = strlen(name), room = sizeof where - 40;
  if (length > room) name += length - room;
  snprintf(where, sizeof where, "%s, byte %zu", name, offset);
  return dla_fail(err, DLA_E_INPUT, where, hint, "%s", what);
}
