#include "sweep/leaderboard.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"

static const char *const stages[] = {[DLA_TRIAL_WAITING] = "waiting",
                                     [DLA_TRIAL_UNFINISHED] = "unfinished",
                                     [DLA_TRIAL_FINISHED] = "finished",
                                     [DLA_TRIAL_STOPPED] = "stopped",
                                     [DLA_TRIAL_FAILED] = "failed"};

/* Has the trial a value to compare? */
static bool has_value(const dla_trial_state *state)
{
  return state->stage != DLA_TRIAL_FAILED && !isnan(state->value);
}

static const char *value_of(const char *override)
{
  return strchr(override, '=') + 1;
}

/* ---- For people ---- */

void dla_leaderboard_table(const dla_sweep *sweep, const dla_trials *trials,
                           const dla_standing *standing, dla_strbuf *out)
{
  int width = 5;
  for (size_t i = 0; i < trials->count; i++)
    if ((int)strlen(trials->items[i].name) > width) width = (int)strlen(trials->items[i].name);
  dla_strbuf_printf(out, "%4s  %-*s  %-10s  %11s  %s\n", "rank", width, "trial", "state", "epochs",
                    sweep->metric->name);
  for (size_t i = 0; i < standing->count; i++) {
    const dla_trial_state *state = &standing->states[standing->order[i]];
    dla_strbuf epochs = {0};
    dla_strbuf_printf(&epochs, "%" PRId64 "/%" PRId64, state->epochs, state->all_epochs);
    dla_strbuf_printf(out, "%4zu  %-*s  %-10s  %11s  ", i + 1, width,
                      trials->items[standing->order[i]].name, stages[state->stage],
                      dla_strbuf_text(&epochs));
    dla_strbuf_free(&epochs);
    if (state->stage == DLA_TRIAL_FAILED)
      dla_strbuf_printf(out, "status %d: %s\n", state->exit_status, state->error);
    else if (has_value(state))
      dla_strbuf_printf(out, "%.4f\n", state->value);
    else
      dla_strbuf_printf(out, "-\n");
  }
}

/* ---- CSV (RFC 4180, with bare line feeds) ---- */

void dla_leaderboard_csv(const dla_sweep *sweep, const dla_trials *trials,
                         const dla_standing *standing, dla_strbuf *out)
{
  dla_strbuf_printf(out, "rank,trial,state,epochs,%s,exit_status", sweep->metric->name);
  for (size_t p = 0; p < sweep->parameter_count; p++)
    dla_strbuf_printf(out, ",%s", sweep->parameters[p].name);
  dla_strbuf_printf(out, "\n");
  for (size_t i = 0; i < standing->count; i++) {
    const dla_trial *trial = &trials->items[standing->order[i]];
    const dla_trial_state *state = &standing->states[standing->order[i]];
    dla_strbuf_printf(out, "%zu,", i + 1);
    dla_strbuf_csv_field(out, trial->name);
    dla_strbuf_printf(out, ",%s,%" PRId64 ",", stages[state->stage], state->epochs);
    if (has_value(state)) dla_strbuf_printf(out, "%.9g", state->value);
    dla_strbuf_printf(out, ",");
    if (state->stage == DLA_TRIAL_FAILED) dla_strbuf_printf(out, "%d", state->exit_status);
    for (size_t p = 0; p < sweep->parameter_count; p++) {
      dla_strbuf_printf(out, ",");
      dla_strbuf_csv_field(out, value_of(trial->overrides[p]));
    }
    dla_strbuf_printf(out, "\n");
  }
}

/* ---- JSON ---- */

/* Booleans and numbers as the config reads them: True and TRUE are booleans, too, and +.5 is a
 * number. */
static void json_parameter(const dla_sweep_parameter *parameter, const char *value, dla_json *json)
{
  int64_t integer;
  double number;
  dla_key_type type = parameter->key->type;
  if (type == DLA_KEY_BOOLEAN || (parameter->key->boolean_too && strchr("tTfF", *value)))
    dla_json_boolean(json, parameter->name, strchr("tT", *value) != NULL);
  else if (type == DLA_KEY_INTEGER && dla_integer_read(value, &integer))
    dla_json_integer(json, parameter->name, integer);
  else if (type == DLA_KEY_NUMBER && dla_number_read(value, &number))
    dla_json_number(json, parameter->name, number);
  else
    dla_json_text(json, parameter->name, value);
}

static void json_trial(const dla_sweep *sweep, const dla_trial *trial, const dla_trial_state *state,
                       size_t rank, dla_json *json)
{
  dla_json_new_line(json);
  dla_json_begin_object(json, NULL);
  dla_json_bytes(json, "rank", rank);
  dla_json_text(json, "name", trial->name);
  dla_json_text(json, "folder", trial->folder);
  dla_json_text(json, "state", stages[state->stage]);
  dla_json_integer(json, "epochs", state->epochs);
  dla_json_number(json, "value", has_value(state) ? state->value : NAN);
  if (state->stage == DLA_TRIAL_FAILED) {
    dla_json_integer(json, "exit_status", state->exit_status);
    dla_json_text(json, "error", state->error);
  }
  dla_json_begin_object(json, "parameters");
  for (size_t p = 0; p < sweep->parameter_count; p++)
    json_parameter(&sweep->parameters[p], value_of(trial->overrides[p]), json);
  dla_json_end_object(json);
  dla_json_end_object(json);
}

void dla_leaderboard_json(const dla_sweep *sweep, const dla_trials *trials,
                          const dla_standing *standing, dla_strbuf *out)
{
  dla_json json = dla_json_begin(out);
  dla_json_text(&json, "metric", sweep->metric->name);
  dla_json_bytes(&json, "failed", dla_standing_failed(standing));
  dla_json_begin_array(&json, "trials");
  for (size_t i = 0; i < standing->count; i++) {
    size_t trial = standing->order[i];
    json_trial(sweep, &trials->items[trial], &standing->states[trial], i + 1, &json);
  }
  dla_json_end_array(&json);
  dla_json_end_line(&json);
}
