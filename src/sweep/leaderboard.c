#include "sweep/leaderboard.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *const stages[] = {[DLA_TRIAL_WAITING] = "waiting",
                                     [DLA_TRIAL_UNFINISHED] = "unfinished",
                                     [DLA_TRIAL_FINISHED] = "finished",
                                     [DLA_TRIAL_STOPPED] = "stopped",
                                     [DLA_TRIAL_FAILED] = "failed"};

/* A trial that cannot be compared has none. */
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

/* ---- CSV, as RFC 4180 has it, with bare line feeds ---- */

static void csv_field(const char *text, dla_strbuf *out)
{
  if (!text[strcspn(text, ",\"\n")]) {
    dla_strbuf_printf(out, "%s", text);
    return;
  }
  dla_strbuf_append(out, "\"", 1);
  for (; *text; text++)
    dla_strbuf_append(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
  dla_strbuf_append(out, "\"", 1);
}

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
    csv_field(trial->name, out);
    dla_strbuf_printf(out, ",%s,%" PRId64 ",", stages[state->stage], state->epochs);
    if (has_value(state)) dla_strbuf_printf(out, "%.9g", state->value);
    dla_strbuf_printf(out, ",");
    if (state->stage == DLA_TRIAL_FAILED) dla_strbuf_printf(out, "%d", state->exit_status);
    for (size_t p = 0; p < sweep->parameter_count; p++) {
      dla_strbuf_printf(out, ",");
      csv_field(value_of(trial->overrides[p]), out);
    }
    dla_strbuf_printf(out, "\n");
  }
}

/* ---- JSON ---- */

static void json_parameters(const dla_sweep *sweep, const dla_trial *trial, dla_strbuf *out)
{
  dla_strbuf_printf(out, "\"parameters\":{");
  for (size_t p = 0; p < sweep->parameter_count; p++) {
    const dla_sweep_parameter *parameter = &sweep->parameters[p];
    const char *value = value_of(trial->overrides[p]);
    bool number = parameter->key->type == DLA_KEY_NUMBER || parameter->key->type == DLA_KEY_INTEGER;
    dla_strbuf_printf(out, "%s\"%s\":", p ? "," : "", parameter->name);
    if (number)
      dla_strbuf_printf(out, "%s", value);
    else if (parameter->key->type == DLA_KEY_BOOLEAN) /* True and TRUE are ones, too */
      dla_strbuf_printf(out, "%s", strchr("tT", *value) ? "true" : "false");
    else
      dla_strbuf_json_string(out, value);
  }
  dla_strbuf_printf(out, "}");
}

static void json_trial(const dla_sweep *sweep, const dla_trial *trial, const dla_trial_state *state,
                       size_t rank, dla_strbuf *out)
{
  dla_strbuf_printf(out, "{\"rank\":%zu,\"name\":", rank);
  dla_strbuf_json_string(out, trial->name);
  dla_strbuf_printf(out, ",\"folder\":");
  dla_strbuf_json_string(out, trial->folder);
  dla_strbuf_printf(out,
                    ",\"state\":\"%s\",\"epochs\":%" PRId64 ",\"value\":", stages[state->stage],
                    state->epochs);
  if (has_value(state))
    dla_strbuf_printf(out, "%.9g,", state->value);
  else
    dla_strbuf_printf(out, "null,");
  if (state->stage == DLA_TRIAL_FAILED) {
    dla_strbuf_printf(out, "\"exit_status\":%d,\"error\":", state->exit_status);
    dla_strbuf_json_string(out, state->error);
    dla_strbuf_printf(out, ",");
  }
  json_parameters(sweep, trial, out);
  dla_strbuf_printf(out, "}");
}

void dla_leaderboard_json(const dla_sweep *sweep, const dla_trials *trials,
                          const dla_standing *standing, dla_strbuf *out)
{
  dla_strbuf_printf(out, "{\"metric\":\"%s\",\"failed\":%zu,\"trials\":[", sweep->metric->name,
                    dla_standing_failed(standing));
  for (size_t i = 0; i < standing->count; i++) {
    size_t trial = standing->order[i];
    dla_strbuf_printf(out, "%s\n", i ? "," : "");
    json_trial(sweep, &trials->items[trial], &standing->states[trial], i + 1, out);
  }
  dla_strbuf_printf(out, "]}\n");
}
