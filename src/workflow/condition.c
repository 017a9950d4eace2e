#include "workflow/condition.h"

#include <stdlib.h>
#include <string.h>

#include "process/argv.h"
#include "process/process.h"

void dla_condition_script(const char *condition, int if_true, int if_false, dla_strbuf *out)
{
  dla_strbuf_printf(out, "if [[ %s ]]; then exit %d; else exit %d; fi", condition, if_true,
                    if_false);
}

static void note_line(void *context, const char *line)
{
  (void)line;
  *(bool *)context = true;
}

/* With -n bash only parses. What is wrong it prints; its exit status does not tell. */
static dla_status ask(const char *bash, const char *script, bool *is_test, dla_error *err)
{
  static char *no_environment[] = {NULL}; /* in which nothing else makes bash print */
  bool printed = false;
  dla_process_end end;
  dla_argv argv = {0};
  dla_argv_add(&argv, "%s", bash);
  dla_argv_add(&argv, "-n");
  dla_argv_add(&argv, "-c");
  dla_argv_add(&argv, "%s", script);
  const dla_process process = {.argv = argv.items,
                               .env = no_environment,
                               .folder = "/",
                               .line = note_line,
                               .line_context = &printed};
  dla_status status =
      argv.failed ? dla_fail_memory(err, "a command") : dla_process_run(&process, &end, err);
  dla_argv_free(&argv);
  *is_test = !printed && !(status ? 0 : end.status);
  return status;
}

dla_status dla_condition_check(const char *condition, bool *is_test, dla_error *err)
{
  *is_test = true;
  if (!condition[strspn(condition, " \t\n")]) return DLA_OK;
  char *bash = dla_find_program("bash");
  if (!bash) return DLA_OK;
  dla_strbuf script = {0};
  dla_condition_script(condition, 0, 1, &script);
  dla_status status =
      script.failed ? dla_fail_memory(err, "a condition") : ask(bash, script.text, is_test, err);
  dla_strbuf_free(&script);
  free(bash);
  return status;
}
