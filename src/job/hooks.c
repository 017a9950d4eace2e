#include "job/hooks.h"

#include <stdarg.h>
#include <stdio.h>

void dla_job_say(const dla_job_hooks *hooks, const char *format, ...)
{
  enum { LONGEST = 8192 };
  char line[LONGEST]; /* a path or two */
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  hooks->say(hooks->context, line);
}
