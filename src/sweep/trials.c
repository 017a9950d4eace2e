#include "sweep/trials.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/try.h"
#include "sweep/draw.h"

enum { MOST_TRIALS = 10000, MOST_ATTEMPTS = 1000 };

/* ---- The config of one ---- */

/* Checks keys that all trials share, but that are in the base config. */
static dla_status check_config(const dla_sweep *sweep, const dla_config *config, dla_error *err)
{
  const char *base = sweep->base ? sweep->base : sweep->file;
  if (config->input.http.url[0] || config->input.s3.bucket_url[0] || config->output.http.url[0] ||
      config->output.s3.bucket_url[0])
    return dla_fail(err, DLA_E_UNSUPPORTED, base,
                    "dla-train stage get before the sweep and stage put behind it",
                    "a sweep takes its input from folders and leaves its output in one");
  if (config->checkpoint.out[0])
    return dla_fail(err, DLA_E_INPUT, base, "leave it out",
                    "checkpoint.out: every trial has a checkpoint of its own");
  if (config->checkpoint.in[0] && strcmp(config->checkpoint.in, "auto") != 0)
    return dla_fail(err, DLA_E_INPUT, base, "leave it out",
                    "checkpoint.in: a trial starts fresh, or goes on from its own checkpoint");
  if (sweep->method == DLA_SWEEP_HALVING && config->train.max_steps)
    return dla_fail(err, DLA_E_INPUT, base, "leave it out",
                    "train.max_steps: a halving sweep stops by epochs");
  return DLA_OK;
}

dla_status dla_trial_config(const dla_sweep *sweep, const dla_trial *trial, dla_config *config,
                            dla_error *err)
{
  char epochs[48];
  dla_strbuf folder = {0};
  size_t most = sweep->override_count + sweep->parameter_count + 3, count = 0;
  char **overrides = calloc(most, sizeof *overrides);
  dla_strbuf_printf(&folder, "output.dir=");
  /* Values expand variables, so a dollar in a folder's name must be escaped. */
  for (const char *c = trial->folder; *c; c++)
    dla_strbuf_append(&folder, *c == '$' ? "$$" : c, *c == '$' ? 2 : 1);
  if (!overrides || folder.failed) {
    free(overrides);
    dla_strbuf_free(&folder);
    return dla_fail_memory(err, "a trial");
  }
  for (size_t i = 0; i < sweep->override_count; i++)
    overrides[count++] = sweep->overrides[i];
  for (size_t i = 0; i < sweep->parameter_count; i++)
    overrides[count++] = trial->overrides[i];
  overrides[count++] = folder.text;
  snprintf(epochs, sizeof epochs, "train.epochs=%" PRId64, sweep->max_epochs);
  if (sweep->method == DLA_SWEEP_HALVING) overrides[count++] = epochs;
  const dla_config_layers layers = {
      .path = sweep->base, .overrides = overrides, .override_count = (int)count};
  dla_status status = dla_config_load(config, &layers, err);
  free(overrides);
  dla_strbuf_free(&folder);
  if (status) return status;
  status = check_config(sweep, config, err);
  if (status) dla_config_free(config);
  return status;
}

static dla_status check_trial(const dla_sweep *sweep, const dla_trial *trial, dla_error *err)
{
  dla_config config;
  dla_error why = {0};
  dla_status status = dla_trial_config(sweep, trial, &config, &why);
  if (!status) return dla_config_free(&config), DLA_OK;
  return dla_fail(err, status, *why.where ? why.where : sweep->file, why.hint, "trial %.120s: %s",
                  trial->name, why.what);
}

/* ---- Making them ---- */

static void free_trial(dla_trial *trial, size_t parameter_count)
{
  dla_free_texts(trial->overrides, parameter_count);
  free(trial->name);
  free(trial->folder);
  *trial = (dla_trial){0};
}

void dla_trials_free(dla_trials *trials)
{
  for (size_t i = 0; i < trials->count; i++)
    free_trial(&trials->items[i], trials->parameter_count);
  free(trials->items);
  *trials = (dla_trials){0};
}

/* A random draw if `trials` is given, else a combination of the grid. */
static dla_status make_one(const dla_sweep *sweep, size_t i, size_t attempt, dla_trial *trial,
                           dla_error *err)
{
  dla_strbuf name = {0}, folder = {0};
  bool failed = false;
  *trial = (dla_trial){.overrides = calloc(sweep->parameter_count, sizeof *trial->overrides)};
  if (!trial->overrides) return dla_fail_memory(err, "a trial");
  for (size_t p = 0; p < sweep->parameter_count; p++) {
    dla_strbuf text = {0};
    dla_strbuf_printf(&text, "%s=", sweep->parameters[p].name);
    if (sweep->trials)
      dla_sweep_draw(sweep, i, attempt, p, &text);
    else
      dla_sweep_combination(sweep, i, p, &text);
    trial->overrides[p] = text.text;
    failed |= text.failed;
  }
  if (!failed) {
    dla_trial_name(sweep, trial->overrides, &name);
    dla_strbuf_printf(&folder, "%s/%s", sweep->dir, dla_strbuf_text(&name));
  }
  trial->name = name.text;
  trial->folder = folder.text;
  return failed || name.failed || folder.failed ? dla_fail_memory(err, "a trial") : DLA_OK;
}

static bool is_new(const dla_trials *trials, const dla_trial *trial)
{
  for (size_t i = 0; i < trials->count; i++)
    if (strcmp(trials->items[i].name, trial->name) == 0) return false;
  return true;
}

static dla_status add_trial(const dla_sweep *sweep, dla_trials *trials, dla_error *err)
{
  dla_trial *trial = &trials->items[trials->count];
  for (size_t attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    dla_status status = make_one(sweep, trials->count, attempt, trial, err);
    if (!status && is_new(trials, trial)) {
      status = check_trial(sweep, trial, err);
      trials->count += !status;
    } else if (!status) {
      free_trial(trial, sweep->parameter_count);
      continue;
    }
    if (status) free_trial(trial, sweep->parameter_count);
    return status;
  }
  return dla_fail(err, DLA_E_INPUT, sweep->file, "fewer trials, or more values",
                  "after %zu trials a new one is hard to draw", trials->count);
}

static dla_status count_trials(const dla_sweep *sweep, size_t *count, dla_error *err)
{
  *count = sweep->trials ? (size_t)sweep->trials : 1;
  for (size_t p = 0; !sweep->trials && p < sweep->parameter_count; p++) {
    *count *= sweep->parameters[p].value_count;
    if (*count > MOST_TRIALS)
      return dla_fail(err, DLA_E_INPUT, sweep->file, "method: random, with a number of trials",
                      "its grid has more than %d combinations", MOST_TRIALS);
  }
  return DLA_OK;
}

dla_status dla_trials_make(const dla_sweep *sweep, dla_trials *trials, dla_error *err)
{
  size_t count;
  *trials = (dla_trials){.parameter_count = sweep->parameter_count};
  TRY(count_trials(sweep, &count, err));
  trials->items = calloc(count, sizeof *trials->items);
  if (!trials->items) return dla_fail_memory(err, "the trials");
  dla_status status = DLA_OK;
  while (!status && trials->count < count)
    status = add_trial(sweep, trials, err);
  if (status) dla_trials_free(trials);
  return status;
}
