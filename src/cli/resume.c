#include "cli/resume.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "checkpoint/beside.h"
#include "checkpoint/retention.h"
#include "config/schema.h"
#include "train/environment.h"
#include "train/trainer.h"

/* ---- Which checkpoint
 * ---------------------------------------------------------------------------- */

static void say_skipped(void *context, const char *path, const dla_error *why)
{
  (void)path;
  dla_cli_say(context, "warning: skipped a damaged checkpoint: %s: %s", why->where, why->what);
}

static dla_status find_auto(dla_cli_start *start, const char *out, dla_cli_progress *progress,
                            dla_error *err)
{
  dla_status status =
      dla_checkpoint_newest(out, say_skipped, progress, &start->path, &start->checkpoint, err);
  if (!status && !start->checkpoint) dla_cli_say(progress, "no checkpoint yet: starting fresh");
  return status;
}

/* A file, which may be missing where the PyTorch program's option named it. */
static dla_status read_named(dla_cli_start *start, dla_cli_progress *progress, dla_error *err)
{
  const char *path = dla_strbuf_text(&start->path);
  if (start->config.checkpoint.in_may_be_missing && access(path, F_OK) != 0) {
    dla_cli_say(progress, "checkpoint %s is missing: starting fresh", path);
    return DLA_OK;
  }
  return dla_checkpoint_read(path, &start->checkpoint, err);
}

static dla_status find_checkpoint(dla_cli_start *start, dla_cli_progress *progress, dla_error *err)
{
  const char *in = start->config.checkpoint.in;
  dla_strbuf out = {0};
  if (!in[0]) return DLA_OK;
  dla_status status = dla_train_checkpoint_path(&start->config, &out, err);
  if (!status && strcmp(in, "auto") == 0) {
    status = find_auto(start, out.text, progress, err);
  } else if (!status) {
    if (strcmp(in, "best") == 0)
      dla_beside_name(out.text, "best", &start->path);
    else
      dla_strbuf_printf(&start->path, "%s", strcmp(in, "last") == 0 ? out.text : in);
    status =
        start->path.failed ? dla_fail_memory(err, "a file name") : read_named(start, progress, err);
  }
  dla_strbuf_free(&out);
  return status;
}

/* ---- What it was computed with
 * ------------------------------------------------------------------- */

static void say_environment(void *context, const char *what, const char *before, const char *now)
{
  dla_cli_say(
      context,
      "warning: %s: %s when the checkpoint was written, %s now: results will differ in their "
      "last bits",
      what, before, now);
}

static dla_status compare_environment(const dla_cli_start *start, dla_cli_progress *progress,
                                      dla_error *err)
{
  const char *before = dla_checkpoint_text(start->checkpoint, "environment");
  dla_strbuf now = {0};
  if (!before) return DLA_OK;
  dla_environment_describe(&start->config, start->dist, &now);
  dla_status status =
      now.failed ? dla_fail_memory(err, "the environment")
                 : dla_environment_compare(before, now.text, say_environment, progress, err);
  dla_strbuf_free(&now);
  return status;
}

/* ---- What it was configured with
 * ----------------------------------------------------------------- */

typedef struct comparison {
  dla_cli_progress *progress;
  const dla_config *now;
  bool within_epoch;
  dla_status status;
  dla_error *err;
} comparison;

/* What the position within an epoch depends on. */
static bool moves_position(const char *section, const char *key)
{
  static const char *const keys[][2] = {{"train", "batch_size"},
                                        {"train", "batch_per_rank"},
                                        {"train", "seed"},
                                        {"dataset", "train_limit"}};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    if (strcmp(keys[i][0], section) == 0 && strcmp(keys[i][1], key) == 0) return true;
  return false;
}

static const char *why_not(const comparison *c, const char *section, const char *key)
{
  if (strcmp(section, "model") == 0) return "a checkpoint fits only the model that made it";
  if (c->within_epoch && moves_position(section, key))
    return "it cannot change in the middle of an epoch";
  return NULL;
}

/* A key whose value is not the checkpoint's. */
static void say_change(void *context, const char *section, const char *key, const char *from,
                       const char *to)
{
  comparison *c = context;
  bool is_in = strcmp(section, "checkpoint") == 0 && strcmp(key, "in") == 0;
  bool no_matter = strcmp(section, "log") == 0 || strcmp(section, "slurm") == 0;
  if (c->status || is_in || no_matter) return;
  bool in_file = dla_config_given(c->now, section, key) == DLA_GIVEN_IN_FILE;
  const char *side = in_file ? "in the file" : "on the command line";
  const char *why = why_not(c, section, key);
  if (!why) {
    dla_cli_say(c->progress, "%s%s%s: %s in the checkpoint, %s %s, which wins", section,
                *section ? "." : "", key, from, to, side);
    return;
  }
  char where[64];
  snprintf(where, sizeof where, "%s%s%s", section, *section ? "." : "", key);
  c->status =
      dla_fail(c->err, DLA_E_INPUT, where, "leave the key out, or start without checkpoint.in",
               "%s in the checkpoint, %s %s: %s", from, to, side, why);
}

static dla_status compare_configs(const dla_cli_start *start, const dla_config *base,
                                  dla_cli_progress *progress, dla_error *err)
{
  comparison c = {.progress = progress,
                  .now = &start->config,
                  .within_epoch = dla_checkpoint_state(start->checkpoint)->batch > 0,
                  .err = err};
  dla_status status = dla_config_compare(base, &start->config, say_change, &c, err);
  return status ? status : c.status;
}

/* Puts the checkpoint's configuration under what was given. */
static dla_status lay_under(dla_cli_start *start, dla_cli_progress *progress, dla_error *err)
{
  const char *text = dla_checkpoint_text(start->checkpoint, "config");
  const char *name = dla_strbuf_text(&start->path);
  dla_config base = {0}, now = {0};
  if (!text) return DLA_OK; /* another program's */
  /* The checkpoint of a staged run names the job's folders. Elsewhere there are none. */
  dla_config_folders none = {.path = {"", dla_key_find("output", "dir")->fallback}};
  const dla_config_layers layers = {
      .path = name, .text = text, .folders = start->config.folders ? start->config.folders : &none};
  dla_status status = dla_config_load(&base, &layers, err);
  if (!status) status = dla_config_merge(&base, &start->config, name, &now, err);
  if (!status) {
    base.folders = start->config.folders;
    dla_config_free(&start->config);
    start->config = now;
    status = dla_staged_run_apply(start->staged, &start->config, err);
  }
  if (!status) status = compare_configs(start, &base, progress, err);
  dla_config_free(&base);
  return status;
}

/* ---- All together
 * -------------------------------------------------------------------------------- */

static dla_status resume(dla_cli_start *start, dla_cli_progress *progress, dla_error *err)
{
  const dla_train_state *state = dla_checkpoint_state(start->checkpoint);
  dla_cli_say(progress, "starting from %s: epoch %" PRId64 ", step %" PRId64,
              dla_strbuf_text(&start->path), state->epoch, state->step);
  if (!dla_checkpoint_best_is_known(start->checkpoint))
    dla_cli_say(progress, "warning: %s: its best accuracy is none; the next one counts as the best",
                dla_strbuf_text(&start->path));
  dla_status status = lay_under(start, progress, err);
  return status ? status : compare_environment(start, progress, err);
}

static void say_exposed(const dla_cli_start *start, dla_cli_progress *progress)
{
  if (start->config.secret_exposed)
    dla_cli_say(progress,
                "warning: others may read the config file, which holds a key or password: "
                "chmod go-r it, or write ${VARIABLE}");
}

/* As Horovod itself, whose size is then 1. */
static void say_alone(const dla_cli_start *start, dla_cli_progress *progress)
{
  if (dla_dist_size(start->dist) == 1)
    dla_cli_say(progress, "--horovod: this process trains alone; mpirun -np N, or srun -n N "
                          "--mpi=pmix, in front of the command starts N that train together");
}

static dla_status start_with(const dla_arguments *arguments, dla_cli_start *start, dla_error *err)
{
  dla_cli_progress progress;
  dla_status status =
      dla_staged_run_begin(arguments, start->dist, &start->config, &start->staged, err);
  if (!status) {
    dla_cli_progress_init(&progress, &start->config, start->dist);
    say_exposed(start, &progress);
    if (arguments->wants_ranks) say_alone(start, &progress);
    status = dla_staged_run_apply(start->staged, &start->config, err);
  }
  if (!status) status = dla_staged_run_restore(start->staged, &start->config, &progress, err);
  if (!status) status = find_checkpoint(start, &progress, err);
  if (!status && start->checkpoint) status = resume(start, &progress, err);
  if (status) dla_cli_start_free(start);
  return status;
}

dla_status dla_cli_start_run(const dla_verb *verb, int argc, char **argv, void *options,
                             dla_dist *dist, dla_cli_start *start, dla_error *err)
{
  dla_arguments arguments;
  *start = (dla_cli_start){.dist = dist};
  dla_status status = dla_arguments_parse(&arguments, verb, argc, argv, options, err);
  if (status) return status;
  status = start_with(&arguments, start, err);
  dla_arguments_free(&arguments);
  return status;
}

dla_status dla_cli_start_text(const char *name, const char *text, dla_cli_start *start,
                              dla_error *err)
{
  const dla_arguments arguments = {.text_name = name, .text = text};
  *start = (dla_cli_start){0};
  return start_with(&arguments, start, err);
}

void dla_cli_start_free(dla_cli_start *start)
{
  dla_staged_run_abandon(start->staged);
  dla_checkpoint_free(start->checkpoint);
  dla_strbuf_free(&start->path);
  dla_config_free(&start->config);
  *start = (dla_cli_start){0};
}
