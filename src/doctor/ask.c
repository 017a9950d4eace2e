#include "doctor/ask.h"

#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "process/argv.h"
#include "process/process.h"

extern char **environ;

static const double PATIENCE = 5; /* seconds */

static void keep_line(void *context, const char *line)
{
  dla_strbuf_printf(context, "%s\n", line);
}

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
  dla_argv argv = {0};
  dla_process_end end;
  if (!path) return false;
  dla_argv_add(&argv, "%s", path);
  dla_argv_add(&argv, "%s", argument);
  const dla_process process = {.argv = argv.items,
                               .env = environ,
                               .folder = ".",
                               .signal = end_slow_one,
                               .signal_context = &until,
                               .line = keep_line,
                               .line_context = printed};
  dla_status status = argv.failed ? DLA_E_MEMORY : dla_process_run(&process, &end, NULL);
  dla_argv_free(&argv);
  free(path);
  return !status && end.status == 0;
}
