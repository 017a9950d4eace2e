#include "doctor/ask.h"

#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "process/argv.h"
#include "process/capture.h"

static const double PATIENCE = 5; /* seconds */

static int end_slow_one(void *context)
{
  const double *until = context;
  return dla_clock() > *until ? SIGTERM : 0;
}

bool doctor_has(const char *program)
{
  char *path = dla_find_program(program);
  free(path);
  return path != NULL;
}

bool doctor_ask(const char *program, const char *argument, dla_strbuf *printed)
{
  char *path = dla_find_program(program);
  double until = dla_clock() + PATIENCE;
  dla_process_end end;
  if (!path) return false;
  dla_status status =
      dla_process_capture(path, argument, end_slow_one, &until, printed, &end, NULL);
  free(path);
  return !status && end.status == 0;
}
