#include "dla/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/one_line.h"

static void copy_text(char *dst, size_t size, const char *src)
{
  snprintf(dst, size, "%s", src ? src : "");
  dla_one_line(dst);
}

dla_status dla_fail(dla_error *err, dla_status status, const char *where, const char *hint,
                    const char *format, ...)
{
  if (!err) return status;
  dla_error e = {.status = status};
  va_list args;
  va_start(args, format);
  vsnprintf(e.what, sizeof e.what, format, args);
  va_end(args);
  dla_one_line(e.what);
  copy_text(e.where, sizeof e.where, where);
  copy_text(e.hint, sizeof e.hint, hint);
  *err = e; /* last, because where, hint or an argument may point into *err */
  return status;
}

dla_status dla_fail_memory(dla_error *err, const char *what)
{
  return dla_fail(err, DLA_E_MEMORY, NULL,
                  "lower train.batch_size, free memory, or raise ulimit -v", "out of memory for %s",
                  what);
}

dla_status dla_fail_errno(dla_error *err, const char *where, const char *action)
{
  return dla_fail(err, DLA_E_IO, where, NULL, "cannot %s: %s", action, strerror(errno));
}

int dla_exit_status(dla_status status)
{
  switch (status) {
  case DLA_OK:
    return DLA_EXIT_OK;
  case DLA_E_INPUT:
  case DLA_E_UNSUPPORTED:
    return DLA_EXIT_INPUT;
  case DLA_E_DIVERGED:
    return DLA_EXIT_DIVERGED;
  case DLA_E_INTERRUPTED:
    return DLA_EXIT_INTERRUPTED;
  case DLA_E_NOT_PUSHED:
    return DLA_EXIT_NOT_PUSHED;
  case DLA_E_IO:
  case DLA_E_DAMAGED:
  case DLA_E_STEP:
  case DLA_E_MEMORY:
  case DLA_E_INTERNAL:
    break;
  }
  return DLA_EXIT_FAILURE;
}
