/* Reads a sweep file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/closest.h"
#include "base/read_file.h"
#include "base/try.h"
#include "config/load.h"
#include "sweep/reader.h"

enum { MOST_BYTES = 1 << 20, MOST_DEEP = 8, MOST_TRIALS = 10000 };

static const dla_yaml_kind kind = {
    .manual = "see docs/sweeps.md", .encoding = "a sweep file is UTF-8 text", .depth = MOST_DEEP};

static const dla_sweep_metric metrics[] = {
    {.name = "best_test_accuracy", .field = "test_accuracy", .best = true},
    {.name = "last_test_accuracy", .field = "test_accuracy"},
    {.name = "best_test_loss", .field = "test_loss", .best = true, .least = true},
    {.name = "last_test_loss", .field = "test_loss", .least = true},
    {0},
};

const dla_sweep_metric *dla_sweep_metric_find(const char *name)
{
  for (const dla_sweep_metric *metric = metrics; metric->name; metric++)
    if (strcmp(metric->name, name) == 0) return metric;
  return NULL;
}

/* The index of the text among the names, which end with NULL. */
static dla_status read_choice(dla_sweep_reader *r, const yaml_node_t *node,
                              const char *const *names, int *index)
{
  const char *text = dla_yaml_text(node);
  dla_closest closest = dla_closest_to(text ? text : "");
  dla_strbuf allowed = {0};
  char hint[80];
  for (int i = 0; names[i]; i++) {
    *index = i;
    if (text && strcmp(names[i], text) == 0) return dla_strbuf_free(&allowed), DLA_OK;
    dla_closest_offer(&closest, names[i]);
    dla_strbuf_printf(&allowed, "%s%s", i ? ", " : "", names[i]);
  }
  dla_closest_hint(&closest, "", "", hint, sizeof hint);
  dla_status status =
      dla_yaml_fail(&r->yaml, node, hint, "'%s' is one of %s", r->key, dla_strbuf_text(&allowed));
  dla_strbuf_free(&allowed);
  return status;
}

static dla_status read_method(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  static const char *const names[] = {[DLA_SWEEP_GRID] = "grid",
                                      [DLA_SWEEP_RANDOM] = "random",
                                      [DLA_SWEEP_HALVING] = "halving",
                                      NULL};
  int index = 0;
  TRY(read_choice(r, node, names, &index));
  ((dla_sweep *)to)->method = (dla_sweep_method)index;
  return DLA_OK;
}

static dla_status read_metric(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  const char *names[sizeof metrics / sizeof *metrics];
  int index = 0;
  for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
    names[i] = metrics[i].name;
  TRY(read_choice(r, node, names, &index));
  ((dla_sweep *)to)->metric = &metrics[index];
  return DLA_OK;
}

static dla_status read_budget(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  static const dla_sweep_entry entries[] = {
      {"min_epochs", NULL, offsetof(dla_sweep, min_epochs), 1},
      {"max_epochs", NULL, offsetof(dla_sweep, max_epochs), 1},
      {"eta", NULL, offsetof(dla_sweep, eta), 2},
      {0}};
  dla_sweep *sweep = to;
  TRY(dla_sweep_read_mapping(r, entries, "'budget'", node, to));
  r->seen_budget = node;
  if (!sweep->min_epochs || !sweep->max_epochs)
    return dla_yaml_fail(&r->yaml, node, kind.manual, "'budget' needs min_epochs and max_epochs");
  if (sweep->min_epochs > sweep->max_epochs)
    return dla_yaml_fail(&r->yaml, node, NULL, "min_epochs is above max_epochs");
  return DLA_OK;
}

static dla_status read_output(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  static const dla_sweep_entry entries[] = {{"dir", NULL, offsetof(dla_sweep, dir), DLA_SWEEP_TEXT},
                                            {0}};
  return dla_sweep_read_mapping(r, entries, "'output'", node, to);
}

/* Halving sets the epochs of a trial itself. */
static bool is_budgeted(const char *name)
{
  static const char epochs[] = "train.epochs";
  size_t length = sizeof epochs - 1;
  return strncmp(name, epochs, length) == 0 && strchr("=", name[length]);
}

static dla_status check_halving(dla_sweep_reader *r)
{
  const dla_sweep *s = r->sweep;
  bool said = false;
  for (size_t i = 0; i < s->override_count; i++)
    said |= is_budgeted(s->overrides[i]);
  for (size_t i = 0; i < s->parameter_count; i++)
    said |= is_budgeted(s->parameters[i].name);
  return said ? dla_yaml_fail(&r->yaml, r->yaml.root, "leave train.epochs out",
                              "the epochs of a halving sweep are those of its budget")
              : DLA_OK;
}

/* Checks that involve several keys. */
static dla_status check_together(dla_sweep_reader *r)
{
  const dla_sweep *s = r->sweep;
  const yaml_node_t *root = r->yaml.root;
  if (!s->dir) return dla_yaml_fail(&r->yaml, root, "output: {dir: DIR}", "a sweep needs 'output'");
  if (!s->parameter_count)
    return dla_yaml_fail(&r->yaml, root, "parameters: {optimizer.lr: [0.1, 0.05]}",
                         "a sweep needs 'parameters'");
  if ((s->method == DLA_SWEEP_HALVING) != (r->seen_budget != NULL))
    return dla_yaml_fail(&r->yaml, r->seen_budget ? r->seen_budget : root, kind.manual,
                         "'budget' and 'method: halving' belong together");
  if (s->trials > MOST_TRIALS)
    return dla_yaml_fail(&r->yaml, dla_yaml_get(&r->yaml, root, "trials"), NULL,
                         "a sweep has at most %d trials", MOST_TRIALS);
  if (s->method == DLA_SWEEP_RANDOM && !s->trials)
    return dla_yaml_fail(&r->yaml, root, "trials: 20", "'method: random' needs 'trials'");
  if (s->method == DLA_SWEEP_GRID && s->trials)
    return dla_yaml_fail(&r->yaml, dla_yaml_get(&r->yaml, root, "trials"), "leave it out",
                         "a grid has as many trials as its parameters have combinations");
  for (size_t i = 0; i < s->parameter_count && !s->trials; i++)
    if (!s->parameters[i].value_count)
      return dla_yaml_fail(&r->yaml, dla_yaml_get(&r->yaml, root, "parameters"),
                           "give it a step, or the sweep a number of trials",
                           "%s: every combination of a range without steps is too much",
                           s->parameters[i].name);
  return s->method == DLA_SWEEP_HALVING ? check_halving(r) : DLA_OK;
}

static dla_status read_root(dla_sweep_reader *r)
{
  static const dla_sweep_entry entries[] = {
      {"base", NULL, offsetof(dla_sweep, base), DLA_SWEEP_TEXT},
      {"overrides", dla_sweep_read_overrides, 0, 0},
      {"parameters", dla_sweep_read_parameters, 0, 0},
      {"method", read_method, 0, 0},
      {"trials", NULL, offsetof(dla_sweep, trials), 1},
      {"seed", NULL, offsetof(dla_sweep, seed), 0},
      {"metric", read_metric, 0, 0},
      {"parallel", NULL, offsetof(dla_sweep, parallel), 1},
      {"budget", read_budget, 0, 0},
      {"output", read_output, 0, 0},
      {0}};
  if (!r->yaml.root)
    return dla_fail(r->yaml.err, DLA_E_INPUT, r->yaml.name, kind.manual, "the sweep file is empty");
  TRY(dla_sweep_read_mapping(r, entries, "a sweep", r->yaml.root, r->sweep));
  return check_together(r);
}

dla_status dla_sweep_read_text(const char *name, const char *text, size_t length, dla_sweep *sweep,
                               dla_error *err)
{
  dla_sweep_reader r = {.sweep = sweep};
  *sweep = (dla_sweep){.parallel = 1, .eta = 3, .metric = &metrics[0]};
  dla_status status = dla_config_set_defaults(&r.scratch, err);
  if (!status) status = dla_yaml_load(&r.yaml, &kind, name, text, length, err);
  if (!status) {
    sweep->file = strdup(name);
    status = sweep->file ? read_root(&r) : dla_fail_memory(err, "the sweep");
    yaml_document_delete(&r.yaml.document);
  }
  dla_config_free(&r.scratch);
  if (status) dla_sweep_free(sweep);
  return status;
}

dla_status dla_sweep_read(const char *path, dla_sweep *sweep, dla_error *err)
{
  char *text;
  size_t length;
  *sweep = (dla_sweep){0};
  TRY(dla_read_file(path, MOST_BYTES, &text, &length, err));
  dla_status status = dla_sweep_read_text(path, text, length, sweep, err);
  free(text);
  return status;
}

void dla_sweep_free(dla_sweep *sweep)
{
  dla_free_texts(sweep->overrides, sweep->override_count);
  for (size_t i = 0; i < sweep->parameter_count; i++) {
    dla_sweep_parameter *p = &sweep->parameters[i];
    dla_free_texts(p->values, p->value_count);
    free(p->name);
  }
  free(sweep->parameters);
  free(sweep->file);
  free(sweep->base);
  free(sweep->dir);
  *sweep = (dla_sweep){0};
}
