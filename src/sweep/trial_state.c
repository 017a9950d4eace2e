#include "sweep/trial_state.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/json.h"
#include "base/read_file.h"
#include "base/try.h"
#include "train/trainer.h"

static dla_status file_in(const dla_trial *trial, const char *name, dla_strbuf *path,
                          dla_error *err)
{
  dla_strbuf_printf(path, "%s/%s", trial->folder, name);
  return path->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

/* ---- The metric ---- */

static void take_epoch(const dla_sweep_metric *metric, const json_t *line, double *value)
{
  const json_t *number = json_object_get(line, metric->field);
  if (!json_is_number(number)) return; /* null: the metric was not finite */
  double found = json_number_value(number);
  bool better = isnan(*value) || (metric->least ? found < *value : found > *value);
  if (better || !metric->best) *value = found;
}

static dla_status read_metric(const dla_sweep *sweep, const dla_trial *trial, int64_t epochs,
                              double *value, dla_error *err)
{
  enum { MOST_BYTES = 1 << 30 };
  static const char epoch[] = "{\"type\":\"epoch\"";
  dla_strbuf path = {0};
  char *text = NULL, *next;
  size_t length;
  dla_status status = file_in(trial, DLA_METRICS_FILE, &path, err);
  if (!status && access(path.text, F_OK) == 0)
    status = dla_read_file(path.text, MOST_BYTES, &text, &length, err);
  for (char *line = text; line && (next = strchr(line, '\n')); line = next + 1) {
    if (strncmp(line, epoch, sizeof epoch - 1) != 0) continue;
    json_t *json = json_loadb(line, (size_t)(next - line), 0, NULL);
    if (json && json_integer_value(json_object_get(json, "epoch")) <= epochs)
      take_epoch(sweep->metric, json, value);
    json_decref(json);
  }
  free(text);
  dla_strbuf_free(&path);
  return status;
}

/* ---- A failure ---- */

static dla_status failure_file(const dla_trial *trial, dla_strbuf *path, dla_error *err)
{
  return file_in(trial, "failure.json", path, err);
}

/* An unreadable failure file still means a failure. */
static void read_failure(const char *path, dla_trial_state *state)
{
  json_t *json = json_load_file(path, 0, NULL);
  const char *error = json_string_value(json_object_get(json, "error"));
  state->stage = DLA_TRIAL_FAILED;
  state->exit_status = (int)json_integer_value(json_object_get(json, "exit_status"));
  snprintf(state->error, sizeof state->error, "%s", error ? error : "");
  json_decref(json);
}

dla_status dla_trial_keep_failure(const dla_trial *trial, int exit_status, const char *error,
                                  dla_error *err)
{
  dla_strbuf path = {0}, text = {0};
  dla_json json = dla_json_begin(&text);
  dla_json_integer(&json, "exit_status", exit_status);
  dla_json_text(&json, "error", error);
  dla_json_end_line(&json);
  dla_status status = text.failed ? dla_fail_memory(err, "a failure") : DLA_OK;
  if (!status) status = failure_file(trial, &path, err);
  if (!status) status = dla_atomic_replace(path.text, text.text, text.length, err);
  dla_strbuf_free(&path);
  dla_strbuf_free(&text);
  return status;
}

dla_status dla_trial_forget_failure(const dla_trial *trial, dla_error *err)
{
  dla_strbuf path = {0};
  dla_status status = failure_file(trial, &path, err);
  if (!status && unlink(path.text) && errno != ENOENT)
    status = dla_fail_errno(err, path.text, "remove");
  dla_strbuf_free(&path);
  return status;
}

/* ---- The whole state ---- */

static bool is_finished(const dla_config *config, const dla_train_state *at, int64_t epochs)
{
  return at->epoch >= epochs || (config->train.max_steps && at->step >= config->train.max_steps) ||
         dla_train_is_out_of_patience(config, at);
}

/* An unreadable checkpoint counts as missing: the run that resumes reports it. */
static dla_status look_at(const dla_sweep *sweep, const dla_trial *trial, const dla_config *config,
                          int64_t epochs, dla_trial_state *state, dla_error *err)
{
  dla_train_state at = {0};
  dla_error ignored = {0};
  dla_strbuf path = {0}, failure = {0};
  if (epochs > config->train.epochs) epochs = config->train.epochs;
  dla_status status = dla_train_checkpoint_path(config, &path, err);
  if (!status && access(path.text, F_OK) == 0) {
    dla_checkpoint_read_state(path.text, &at, &ignored);
    bool finished = is_finished(config, &at, epochs);
    state->stage = finished ? DLA_TRIAL_FINISHED : DLA_TRIAL_UNFINISHED;
  }
  state->epochs = at.epoch;
  state->all_epochs = config->train.epochs;
  if (!status)
    status = read_metric(sweep, trial, at.epoch < epochs ? at.epoch : epochs, &state->value, err);
  if (!status) status = failure_file(trial, &failure, err);
  if (!status && access(failure.text, F_OK) == 0) read_failure(failure.text, state);
  dla_strbuf_free(&path);
  dla_strbuf_free(&failure);
  return status;
}

dla_status dla_trial_look(const dla_sweep *sweep, const dla_trial *trial, int64_t epochs,
                          dla_trial_state *state, dla_error *err)
{
  dla_config config;
  *state = (dla_trial_state){.rung = state->rung, .value = NAN};
  TRY(dla_trial_config(sweep, trial, &config, err));
  dla_status status = look_at(sweep, trial, &config, epochs, state, err);
  dla_config_free(&config);
  return status;
}
