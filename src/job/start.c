#include "job/start.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "checkpoint/retention.h"
#include "config/schema.h"
#include "train/environment.h"
#include "train/self.h"
#include "train/trainer.h"

/* ---- Finding the checkpoint ---- */

static void say_skipped(void *context, const char *path, const dla_error *why)
{
  (void)path;
  dla_job_say(context, "warning: skipped a damaged checkpoint: %s: %s", why->where, why->what);
}

static dla_status find_checkpoint(dla_start *start, dla_error *err)
{
  const dla_config *config = &start->config;
  const char *in = config->checkpoint.in;
  dla_strbuf out = {0};
  if (!in[0]) return DLA_OK;
  dla_status status = dla_train_checkpoint_path(config, &out, err);
  if (!status)
    status = dla_checkpoint_find(
        in, config->checkpoint.in_key, out.text, config->checkpoint.in_may_be_missing,
        start->hooks->weights_only ? dla_checkpoint_read_weights : dla_checkpoint_read, say_skipped,
        (void *)start->hooks, &start->path, &start->checkpoint, err);
  dla_strbuf_free(&out);
  if (status || start->checkpoint) return status;
  if (start->path.length)
    dla_job_say(start->hooks, "checkpoint %s is missing: starting fresh", start->path.text);
  else
    dla_job_say(start->hooks, "no checkpoint yet: starting fresh");
  return DLA_OK;
}

/* ---- Environment of the run ---- */

static void say_environment(void *context, const char *what, const char *before, const char *now)
{
  dla_job_say(
      context,
      "warning: %s: %s when the checkpoint was written, %s now: results will differ in their "
      "last bits",
      what, before, now);
}

static dla_status compare_environment(const dla_start *start, dla_error *err)
{
  const char *before = dla_checkpoint_text(start->checkpoint, "environment");
  dla_strbuf now = {0};
  if (!before) return DLA_OK;
  dla_environment_describe(&start->config, start->dist, &now);
  dla_status status = now.failed ? dla_fail_memory(err, "the environment")
                                 : dla_environment_compare(before, now.text, say_environment,
                                                           (void *)start->hooks, err);
  dla_strbuf_free(&now);
  return status;
}

/* ---- Changed keys ---- */

typedef struct comparison {
  const dla_job_hooks *hooks;
  const dla_config *now;
  bool within_epoch;
  dla_status status;
  dla_error *err;
} comparison;

/* Keys that the position within an epoch depends on. */
static bool moves_position(const char *section, const char *key)
{
  static const char *const keys[][2] = {{"train", "batch_size"},     {"train", "batch_per_rank"},
                                        {"train", "seed"},           {"dataset", "train_limit"},
                                        {"dataset", "val_fraction"}, {"dataset", "max_pixels"},
                                        {"dataset", "class_from"}};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    if (strcmp(keys[i][0], section) == 0 && strcmp(keys[i][1], key) == 0) return true;
  return false;
}

static const char *why_not(const comparison *c, const char *section, const char *key)
{
  /* The initial weights are in the checkpoint. */
  if (strcmp(section, "model") == 0 && strcmp(key, "pretrained") != 0)
    return "a checkpoint fits only the model that made it";
  if (c->within_epoch && moves_position(section, key))
    return "it cannot change in the middle of an epoch";
  return NULL;
}

/* Reports a key whose value differs from the checkpoint's. */
static void say_change(void *context, const char *section, const char *key, const char *from,
                       const char *to)
{
  comparison *c = context;
  bool is_in = strcmp(section, "checkpoint") == 0 && strcmp(key, "in") == 0;
  bool no_matter = strcmp(section, "log") == 0 || strcmp(section, "slurm") == 0;
  dla_given given = dla_config_given(c->now, section, key);
  /* Not given anywhere: the key belongs to another place now. */
  if (c->status || is_in || no_matter || given == DLA_GIVEN_NOWHERE) return;
  const char *side = given == DLA_GIVEN_IN_FILE ? "in the file" : "on the command line";
  const char *why = why_not(c, section, key);
  if (!why) {
    dla_job_say(c->hooks, "%s%s%s: %s in the checkpoint, %s %s, which wins", section,
                *section ? "." : "", key, from, to, side);
    return;
  }
  char where[64];
  snprintf(where, sizeof where, "%s%s%s", section, *section ? "." : "", key);
  c->status = dla_fail(
      c->err, DLA_E_INPUT, where,
      "leave the key out, or start afresh: in another output.dir, or without checkpoint.in",
      "%s in the checkpoint, %s %s: %s", from, to, side, why);
}

static dla_status compare_configs(const dla_start *start, const dla_config *base, dla_error *err)
{
  comparison c = {.hooks = start->hooks,
                  .now = &start->config,
                  .within_epoch = dla_checkpoint_state(start->checkpoint)->batch > 0,
                  .err = err};
  dla_status status = dla_config_compare(base, &start->config, say_change, &c, err);
  return status ? status : c.status;
}

/* ---- Keys that only the checkpoint has ---- */

typedef struct kept_keys {
  const dla_config *now;
  dla_strbuf list;
} kept_keys;

/* Keys that define the run, except those that the data set decides. */
static bool tells(const char *section, const char *key)
{
  static const char *const sections[] = {"augment", "optimizer", "schedule", "train", "eval", NULL};
  if (strcmp(section, "dataset") == 0) return strstr(key, "limit") != NULL;
  if (strcmp(key, "crop") == 0 || strcmp(key, "normalize") == 0) return false;
  return dla_is_one_of(section, sections);
}

static void add_kept(void *context, const char *section, const char *key, const char *from,
                     const char *to)
{
  kept_keys *k = context;
  (void)from;
  if (!tells(section, key) || dla_config_given(k->now, section, key) != DLA_GIVEN_NOWHERE) return;
  dla_strbuf_printf(&k->list, "%s%s.%s=%s", k->list.length ? ", " : "", section, key, to);
}

/* A trial's limits would silently apply to the run that continues it. */
static dla_status say_kept(const dla_start *start, dla_error *err)
{
  kept_keys k = {.now = &start->config};
  if (start->hooks->weights_only) return DLA_OK;
  dla_status status = dla_config_changed(&start->config, add_kept, &k, err);
  if (!status && k.list.length)
    dla_job_say(start->hooks, "as in the checkpoint, because nothing else is given: %s",
                dla_strbuf_text(&k.list));
  if (!status && k.list.failed) status = dla_fail_memory(err, "the changed keys");
  dla_strbuf_free(&k.list);
  return status;
}

/* Keys left to the data set take the values that the checkpoint recorded. */
static void keep_settled(const dla_config *base, dla_config *now)
{
  if (!now->model.classes) now->model.classes = base->model.classes;
  if (!now->model.image_size) now->model.image_size = base->model.image_size;
  if (now->augment.crop == DLA_CROP_CHOICE_AUTO) now->augment.crop = base->augment.crop;
  if (now->augment.normalize == DLA_NORMALIZE_AUTO)
    now->augment.normalize = base->augment.normalize;
}

/* Uses the checkpoint's configuration for keys that were not given. */
static dla_status lay_under(dla_start *start, dla_error *err)
{
  const char *text = dla_checkpoint_text(start->checkpoint, "config");
  const char *name = dla_strbuf_text(&start->path);
  dla_config base = {0}, now = {0};
  if (!text) return DLA_OK; /* another program's checkpoint */
  const bool own_graph = dla_config_given(&start->config, "model", "graph") != DLA_GIVEN_NOWHERE;
  /* A staged run's checkpoint names the job's folders. They do not exist elsewhere. */
  dla_config_folders none = {.path = {"", dla_key_find("output", "dir")->fallback}};
  const dla_config_layers layers = {
      .path = name, .text = text, .folders = start->config.folders ? start->config.folders : &none};
  dla_status status = dla_config_load(&base, &layers, err);
  if (!status) status = dla_config_merge(&base, &start->config, name, &now, err);
  if (!status) keep_settled(&base, &now);
  if (!status) {
    base.folders = start->config.folders;
    dla_config_free(&start->config);
    start->config = now;
    status = dla_staged_run_apply(start->staged, &start->config, err);
  }
  if (!status) status = compare_configs(start, &base, err);
  if (!status) status = say_kept(start, err);
  if (!status && !own_graph) status = dla_self_take_graph(start->checkpoint, &start->config, err);
  dla_config_free(&base);
  return status;
}

/* ---- All together ---- */

static dla_status resume(dla_start *start, dla_error *err)
{
  const dla_train_state *state = dla_checkpoint_state(start->checkpoint);
  dla_job_say(start->hooks, "starting from %s: epoch %" PRId64 ", step %" PRId64,
              dla_strbuf_text(&start->path), state->epoch, state->step);
  if (!dla_checkpoint_best_is_known(start->checkpoint))
    dla_job_say(start->hooks,
                "warning: %s: its best accuracy is none; the next one counts as the best",
                dla_strbuf_text(&start->path));
  dla_status status = lay_under(start, err);
  return status ? status : compare_environment(start, err);
}

/* Reports the checkpoint's warnings, line by line. */
void dla_start_warn(const dla_start *start)
{
  const char *line = start->checkpoint ? dla_checkpoint_warnings(start->checkpoint) : "";
  for (const char *end; (end = strchr(line, '\n')); line = end + 1)
    dla_job_say(start->hooks, "warning: %s: %.*s", dla_strbuf_text(&start->path), (int)(end - line),
                line);
}

static void say_exposed(const dla_start *start)
{
  if (start->config.secret_exposed)
    dla_job_say(start->hooks,
                "warning: others may read the config file, which holds a key or password: "
                "chmod go-r it, or write ${VARIABLE}");
}

static dla_status say_idle(const dla_start *start, dla_error *err)
{
  dla_strbuf list = {0};
  dla_status status = dla_config_idle(&start->config, &list, err);
  if (!status && list.length)
    dla_job_say(start->hooks, "warning: without effect: %s", dla_strbuf_text(&list));
  dla_strbuf_free(&list);
  return status;
}

/* A recipe's schedule is as long as its training. */
static void say_t_max(const dla_start *start)
{
  const dla_config *config = &start->config;
  if (dla_config_leaves_t_max(config))
    dla_job_say(start->hooks,
                "warning: train.epochs is %" PRId64 ", but schedule.t_max stays %g: the learning "
                "rate comes down in %g epochs; set both",
                config->train.epochs, config->schedule.t_max, config->schedule.t_max);
}

dla_status dla_start_run(const dla_config_layers *layers, const dla_job_hooks *hooks,
                         dla_dist *dist, dla_start *start, dla_error *err)
{
  *start = (dla_start){.dist = dist, .hooks = hooks};
  dla_status status =
      dla_staged_run_begin(layers, hooks, dist, &start->config, &start->staged, err);
  if (!status) {
    say_exposed(start);
    status = dla_staged_run_apply(start->staged, &start->config, err);
  }
  if (!status) status = dla_staged_run_restore(start->staged, &start->config, err);
  if (!status) status = find_checkpoint(start, err);
  if (!status && start->checkpoint) status = resume(start, err);
  if (!status && !hooks->weights_only) {
    say_t_max(start);
    status = say_idle(start, err);
  }
  if (status) dla_start_free(start);
  return status;
}

int64_t dla_start_step(const dla_start *start)
{
  return start->checkpoint ? dla_checkpoint_state(start->checkpoint)->step : 0;
}

void dla_start_free(dla_start *start)
{
  dla_staged_run_abandon(start->staged);
  dla_checkpoint_free(start->checkpoint);
  dla_strbuf_free(&start->path);
  dla_config_free(&start->config);
  *start = (dla_start){0};
}
