#include "process/capture.h"

#include "process/argv.h"

extern char **environ;

static void keep_line(void *context, const char *line)
{
  dla_strbuf_printf(context, "%s\n", line);
}

dla_status dla_process_capture(const char *program, const char *argument,
                               int (*signal)(void *context), void *context, dla_strbuf *printed,
                               dla_process_end *end, dla_error *err)
{
  dla_argv argv = {0};
  dla_argv_add(&argv, "%s", program);
  dla_argv_add(&argv, "%s", argument);
  const dla_process process = {.argv = argv.items,
                               .env = environ,
                               .folder = ".",
                               .signal = signal,
                               .signal_context = context,
                               .line = keep_line,
                               .line_context = printed};
  dla_status status =
      argv.failed ? dla_fail_memory(err, "a command") : dla_process_run(&process, end, err);
  dla_argv_free(&argv);
  return status;
}
