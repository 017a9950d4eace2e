#include "train/run_command.h"

#include <jansson.h>
#include <string.h>

#include "base/array.h"
#include "base/shell_quote.h"

static void write_key(dla_strbuf *out, const char *section, const char *key, const char *value)
{
  dla_strbuf word = {0};
  dla_strbuf_printf(&word, "%s%s%s=%s", section, *section ? "." : "", key, value);
  dla_strbuf_printf(out, " ");
  dla_shell_quote(dla_strbuf_text(&word), out);
  out->failed |= dla_strbuf_done(&word);
}

/* Keys that do not affect the results: output folders, launching, logging. */
static bool is_left_out(const char *section, const char *key)
{
  static const char *const sections[] = {"log",         "slurm",     "staging",
                                         "output.http", "output.s3", NULL};
  static const char *const keys[][2] = {{"", "continuousOutputSync"}, {"output", "dir"},
                                        {"checkpoint", "in"},         {"checkpoint", "out"},
                                        {"train", "threads"},         {NULL, NULL}};
  if (dla_is_one_of(section, sections)) return true;
  for (int i = 0; keys[i][0]; i++)
    if (strcmp(section, keys[i][0]) == 0 && strcmp(key, keys[i][1]) == 0) return true;
  return false;
}

/* `to` is YAML: strings are in quotes, as in JSON. */
static void take_key(void *context, const char *section, const char *key, const char *from,
                     const char *to)
{
  (void)from;
  if (is_left_out(section, key) || strstr(to, DLA_REDACTED)) return;
  json_t *text = *to == '"' ? json_loads(to, JSON_DECODE_ANY, NULL) : NULL;
  write_key(context, section, key, text ? json_string_value(text) : to);
  json_decref(text);
}

/* The checkpoint to start from. Words such as "auto" mean the run's own checkpoints, which the
 * new run does not have. */
static void write_start(dla_strbuf *out, const char *in)
{
  static const char *const own[] = {"", "auto", "last", "best", NULL};
  if (!dla_is_one_of(in, own)) write_key(out, "checkpoint", "in", in);
}

dla_status dla_run_command(const dla_config *config, int threads, int ranks, dla_strbuf *out,
                           dla_error *err)
{
  dla_strbuf number = {0}, folder = {0};
  if (ranks > 1) dla_strbuf_printf(out, "mpirun -np %d ", ranks);
  dla_strbuf_printf(out, "dla-train train");
  dla_status status = dla_config_changed(config, take_key, out, err);
  dla_strbuf_printf(&number, "%d", threads);
  dla_strbuf_printf(&folder, "%s-again",
                    strcmp(config->output.dir, ".") == 0 ? "./run" : config->output.dir);
  write_start(out, config->checkpoint.in);
  write_key(out, "train", "threads", dla_strbuf_text(&number));
  write_key(out, "output", "dir", dla_strbuf_text(&folder));
  const bool failed = out->failed || number.failed || folder.failed;
  dla_strbuf_free(&number);
  dla_strbuf_free(&folder);
  return !status && failed ? dla_fail_memory(err, "a command") : status;
}
