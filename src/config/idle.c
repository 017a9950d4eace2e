/* Keys that were given, and change nothing with the others as they are. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "config/config.h"
#include "config/schema.h"
#include "config/value.h"

/* The key matters where the other one has one of these values; NULL: another one than its
 * default. */
typedef struct need {
  const char *key, *section, *other;
  const char *values[6]; /* ends with NULL */
} need;

static const need needs[] = {
    {"dataset.cache_path", "dataset", "cache", {"disk"}},
    {"augment.num_ops", "augment", "policy", {"rand_augment"}},
    {"augment.magnitude", "augment", "policy", {"rand_augment"}},
    {"augment.delay_fraction", "augment", "initial_scale", {NULL}},
    {"augment.finetune_fraction", "augment", "initial_scale", {NULL}},
    {"augment.size_increment", "augment", "initial_scale", {NULL}},
    {"optimizer.momentum", "optimizer", "name", {"sgd"}},
    {"optimizer.nesterov", "optimizer", "name", {"sgd"}},
    {"optimizer.beta1", "optimizer", "name", {"adam", "adamw", "lion"}},
    {"optimizer.beta2", "optimizer", "name", {"adam", "adamw", "lion"}},
    {"optimizer.eps", "optimizer", "name", {"adam", "adamw"}},
    {"schedule.t_max", "schedule", "name", {"cosine", "polynomial", "one_cycle", "triangle"}},
    {"schedule.eta_min", "schedule", "name", {"cosine", "triangle", "plateau"}},
    {"schedule.step_size", "schedule", "name", {"step"}},
    {"schedule.gamma", "schedule", "name", {"step", "plateau", "exponential"}},
    {"schedule.patience", "schedule", "name", {"plateau"}},
    {"schedule.power", "schedule", "name", {"polynomial"}},
    {"schedule.pct_start", "schedule", "name", {"one_cycle", "triangle"}},
    {"schedule.div_factor", "schedule", "name", {"one_cycle"}},
    {"schedule.final_div_factor", "schedule", "name", {"one_cycle"}},
    {"backend.device", "backend", "name", {"opencl"}},
};

typedef struct search {
  const dla_config *config;
  dla_strbuf *list;
} search;

static bool is_met(const need *n, const dla_key *other, const char *value)
{
  return n->values[0] ? dla_is_one_of(value, n->values) : strcmp(value, other->fallback) != 0;
}

/* *value: that of the other key. */
static bool has_effect(const dla_config *config, const need *n, dla_strbuf *value)
{
  const dla_key *other = dla_key_find(n->section, n->other);
  dla_value_write(config, other, value);
  return is_met(n, other, dla_strbuf_text(value));
}

/* A key of the file may wait there for what the command line has switched off. */
static void check(search *s, const need *n)
{
  const char *name = strchr(n->key, '.') + 1;
  const dla_given given = dla_config_given(s->config, n->section, name);
  if (given < dla_config_given(s->config, n->section, n->other)) return;
  dla_strbuf value = {0};
  if (!has_effect(s->config, n, &value))
    dla_strbuf_printf(s->list, "%s%s (%s.%s is %s)", s->list->length ? ", " : "", n->key,
                      n->section, n->other, dla_strbuf_text(&value));
  s->list->failed |= dla_strbuf_done(&value);
}

static const need *find_need(const char *key)
{
  for (const need *n = needs; n < needs + sizeof needs / sizeof *needs; n++)
    if (strcmp(n->key, key) == 0) return n;
  return NULL;
}

static void look_at(void *context, const char *section, const char *name, const char *from,
                    const char *to)
{
  search *s = context;
  char key[64];
  (void)from;
  (void)to;
  if (dla_config_given(s->config, section, name) == DLA_GIVEN_NOWHERE) return;
  snprintf(key, sizeof key, "%s.%s", section, name);
  const need *n = find_need(key);
  if (n) check(s, n);
}

dla_status dla_config_idle(const dla_config *config, dla_strbuf *list, dla_error *err)
{
  search s = {config, list};
  dla_status status = dla_config_changed(config, look_at, &s, err);
  return status || !list->failed ? status : dla_fail_memory(err, "the keys without effect");
}

bool dla_config_leaves_t_max(const dla_config *config)
{
  dla_strbuf schedule = {0};
  const bool counts = has_effect(config, find_need("schedule.t_max"), &schedule);
  dla_strbuf_free(&schedule);
  return counts && config->schedule.t_max != (double)config->train.epochs &&
         dla_config_given(config, "train", "epochs") >
             dla_config_given(config, "schedule", "t_max");
}
