#include "report/trials.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "base/try.h"
#include "config/config.h"
#include "config/value.h"

enum { MOST_PARAMETERS = 12 };

/* ---- Configurations ---- */

/* A configuration that cannot be read counts as the defaults. */
static dla_status load_config(const dla_run *run, dla_config *config, dla_error *err)
{
  dla_config_folders none = {.path = {"", dla_key_find("output", "dir")->fallback}};
  const dla_config_layers layers = {
      .path = run->folder, .text = dla_strbuf_text(&run->config), .folders = &none};
  dla_error ignored = {0};
  dla_status status = dla_config_load(config, &layers, &ignored);
  if (status) return dla_config_load(config, &(dla_config_layers){0}, err);
  config->folders = NULL; /* `none` ends with this function */
  return DLA_OK;
}

static bool has_parameter(const dla_report_trials *t, const dla_key *key)
{
  for (size_t i = 0; i < t->parameter_count; i++)
    if (t->parameter[i] == key) return true;
  return false;
}

static void add_parameter(dla_report_trials *t, const dla_key *key)
{
  if (key && t->parameter_count < MOST_PARAMETERS && !has_parameter(t, key))
    t->parameter[t->parameter_count++] = key;
}

/* Runs that differ only in where they write, or how long they run, are not different trials. */
static void take_difference(void *context, const char *section, const char *name, const char *from,
                            const char *to)
{
  static const char *const apart[] = {"output", "output.http", "output.s3", "checkpoint",
                                      "log",    "slurm",       "staging",   NULL};
  (void)from;
  (void)to;
  if (dla_is_one_of(section, apart)) return;
  if (strcmp(section, "train") == 0 &&
      (strcmp(name, "epochs") == 0 || strcmp(name, "threads") == 0))
    return;
  add_parameter(context, dla_key_find(section, name));
}

static void take_sweep(const json_t *names, dla_report_trials *t)
{
  for (size_t i = 0; i < json_array_size(names); i++) {
    const char *name = json_string_value(json_array_get(names, i));
    const char *dot = name ? strrchr(name, '.') : NULL;
    if (!dot) continue;
    char *section = strndup(name, (size_t)(dot - name));
    if (section) add_parameter(t, dla_key_find(section, dot + 1));
    free(section);
  }
}

static dla_status find_parameters(const dla_run_set *set, dla_report_trials *t, dla_error *err)
{
  dla_config first, other;
  t->parameter = calloc(MOST_PARAMETERS, sizeof *t->parameter);
  if (!t->parameter) return dla_fail_memory(err, "the parameters");
  take_sweep(json_object_get(set->sweep, "parameters"), t);
  if (t->parameter_count) return DLA_OK;
  TRY(load_config(set->run[0], &first, err));
  dla_status status = DLA_OK;
  for (size_t i = 1; !status && i < set->count; i++) {
    status = load_config(set->run[i], &other, err);
    if (status) break;
    status = dla_config_compare(&first, &other, take_difference, t, err);
    dla_config_free(&other);
  }
  dla_config_free(&first);
  return status;
}

/* The value of a key, without the quotes of a text. */
static char *value_of(const dla_config *config, const dla_key *key)
{
  dla_strbuf text = {0};
  dla_value_write(config, key, &text);
  json_t *json =
      *dla_strbuf_text(&text) == '"' ? json_loads(text.text, JSON_DECODE_ANY, NULL) : NULL;
  char *value =
      text.failed ? NULL : strdup(json ? json_string_value(json) : dla_strbuf_text(&text));
  json_decref(json);
  dla_strbuf_free(&text);
  return value;
}

static dla_status read_values(const dla_report_trials *t, dla_report_trial *trial, dla_error *err)
{
  dla_config config;
  bool good = true;
  trial->value = calloc(t->parameter_count + 1, sizeof *trial->value);
  if (!trial->value) return dla_fail_memory(err, "a trial");
  TRY(load_config(trial->run, &config, err));
  for (size_t p = 0; good && p < t->parameter_count; p++)
    good = (trial->value[p] = value_of(&config, t->parameter[p])) != NULL;
  dla_config_free(&config);
  return good ? DLA_OK : dla_fail_memory(err, "a trial");
}

/* ---- Results ---- */

static double metric_of(const dla_run *run, const dla_sweep_metric *metric)
{
  const bool of_loss = strcmp(metric->field, "test_loss") == 0;
  double value = NAN;
  for (size_t i = 0; i < run->epoch_count; i++) {
    const double found = of_loss ? run->epoch[i].test_loss : run->epoch[i].test_accuracy;
    if (isnan(found)) continue;
    const bool better = isnan(value) || (metric->least ? found < value : found > value);
    if (better || !metric->best) value = found;
  }
  return value;
}

static dla_status read_failure(dla_report_trial *trial, dla_error *err)
{
  char *path = dla_join_path(trial->run->folder, "failure.json");
  if (!path) return dla_fail_memory(err, "a file name");
  json_t *json = json_load_file(path, 0, NULL);
  dla_strbuf text = {0};
  free(path);
  if (!json) return DLA_OK;
  dla_strbuf_printf(&text, "status %.0f: %s", dla_json_number_of(json, "exit_status"),
                    dla_json_text_of(json, "error"));
  json_decref(json);
  trial->failure = text.text;
  return text.failed ? dla_fail_memory(err, "a failure") : DLA_OK;
}

static int class_of(const dla_report_trial *t)
{
  return t->failure ? 2 : isnan(t->metric);
}

/* Whether a is better than b. In halving, more epochs come first, so that only trials with the same
 * number are compared. Equal ones are ordered by name. */
static bool is_better(const dla_report_trial *a, const dla_report_trial *b, bool halving,
                      bool least)
{
  if (class_of(a) != class_of(b)) return class_of(a) < class_of(b);
  if (halving && a->run->epoch_count != b->run->epoch_count)
    return a->run->epoch_count > b->run->epoch_count;
  if (class_of(a) == 0 && a->metric != b->metric)
    return least ? a->metric < b->metric : a->metric > b->metric;
  return strcmp(a->run->name, b->run->name) < 0;
}

static void sort(dla_report_trials *t, bool halving)
{
  size_t good = 0;
  for (size_t i = 1; i < t->count; i++) {
    dla_report_trial moved = t->trial[i];
    size_t place = i;
    for (; place > 0 && is_better(&moved, &t->trial[place - 1], halving, t->metric->least); place--)
      t->trial[place] = t->trial[place - 1];
    t->trial[place] = moved;
  }
  while (good < t->count && class_of(&t->trial[good]) == 0)
    good++;
  for (size_t i = 0; i < good; i++)
    t->trial[i].merit = good > 1 ? 1 - (double)i / (double)(good - 1) : 1;
}

dla_status dla_report_trials_make(const dla_run_set *set, dla_report_trials *t, dla_error *err)
{
  *t = (dla_report_trials){.trial = calloc(set->count, sizeof *t->trial), .count = set->count};
  t->metric = dla_sweep_metric_find(dla_json_text_of(set->sweep, "metric"));
  if (!t->metric) t->metric = dla_sweep_metric_find("best_test_accuracy");
  dla_status status = t->trial ? DLA_OK : dla_fail_memory(err, "the trials");
  if (!status) status = find_parameters(set, t, err);
  for (size_t i = 0; !status && i < t->count; i++) {
    t->trial[i].run = set->run[i];
    t->trial[i].metric = metric_of(set->run[i], t->metric);
    status = read_values(t, &t->trial[i], err);
    if (!status) status = read_failure(&t->trial[i], err);
  }
  if (!status) sort(t, strcmp(dla_json_text_of(set->sweep, "method"), "halving") == 0);
  if (status) dla_report_trials_free(t);
  return status;
}

void dla_report_trials_free(dla_report_trials *t)
{
  for (size_t i = 0; t->trial && i < t->count; i++) {
    dla_free_texts(t->trial[i].value, t->parameter_count);
    free(t->trial[i].failure);
  }
  free(t->trial);
  free(t->parameter);
  *t = (dla_report_trials){0};
}
