/* Reads what all trials share (overrides) and what varies (parameters). Every value is tried on a
 * config. So a value that a config would refuse is refused here, with its line. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/strbuf.h"
#include "base/try.h"
#include "config/suggest.h"
#include "config/value.h"
#include "sweep/draw.h"
#include "sweep/reader.h"

/* With so many digits, sums of decimal steps come out as written. */
enum { MOST_VALUES = 10000, STEP_DIGITS = 12 };

/* Why the sweep file may not set the key; NULL: it may. */
static const char *why_not(const dla_key *key, bool varies)
{
  if (strncmp(key->section, "output", 6) == 0)
    return "a trial writes to a folder of its own, below the sweep's output.dir";
  if (strcmp(key->section, "checkpoint") == 0 &&
      (strcmp(key->name, "out") == 0 || strcmp(key->name, "in") == 0))
    return "a trial has a checkpoint of its own, and goes on from it";
  if (key->secrecy) return "a trial's config is kept in its folder, and secrets are not";
  if (varies && (strcmp(key->section, "log") == 0 || strcmp(key->section, "slurm") == 0 ||
                 strcmp(key->section, "staging") == 0))
    return "it changes no result";
  return NULL;
}

static dla_status find_key(dla_sweep_reader *r, const yaml_node_t *node, bool varies,
                           const dla_key **key)
{
  const char *name = dla_yaml_text(node);
  TRY(dla_key_named(name, dla_yaml_place(&r->yaml, node), key, r->yaml.err));
  const char *why = why_not(*key, varies);
  return why ? dla_yaml_fail(&r->yaml, node, why, "%s: cannot be set for a trial", name) : DLA_OK;
}

/* The value as in an override. Numbers take their shortest form, because they become part of
 * names. */
static dla_status read_value(dla_sweep_reader *r, const dla_key *key, const yaml_node_t *node,
                             dla_strbuf *out)
{
  const char *text = dla_yaml_text(node);
  double number;
  int64_t whole;
  if (!text)
    return dla_yaml_fail(&r->yaml, node, NULL, "%s.%s: must be a single value", key->section,
                         key->name);
  bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  const dla_written written = {.text = text,
                               .style = plain ? DLA_STYLE_PLAIN : DLA_STYLE_QUOTED,
                               .where = dla_yaml_place(&r->yaml, node)};
  TRY(dla_value_read(&r->scratch, key, &written, r->yaml.err));
  if (key->type == DLA_KEY_NUMBER && dla_number_read(text, &number))
    dla_number_write(number, out);
  else if (key->type == DLA_KEY_INTEGER && dla_integer_read(text, &whole))
    dla_strbuf_printf(out, "%" PRId64, whole);
  else
    dla_strbuf_printf(out, "%s", text);
  return out->failed ? dla_fail_memory(r->yaml.err, "the sweep") : DLA_OK;
}

static size_t pair_count(const yaml_node_t *mapping)
{
  return (size_t)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start);
}

dla_status dla_sweep_read_overrides(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  dla_sweep *sweep = to;
  const yaml_node_t *name;
  TRY(dla_yaml_check_mapping(&r->yaml, node, "'overrides'"));
  sweep->overrides = calloc(pair_count(node) + 1, sizeof *sweep->overrides);
  if (!sweep->overrides) return dla_fail_memory(r->yaml.err, "the sweep");
  for (size_t i = 0; (name = dla_yaml_key_node(&r->yaml, node, i)); i++) {
    const dla_key *key;
    dla_strbuf text = {0};
    TRY(find_key(r, name, false, &key));
    dla_strbuf_printf(&text, "%s=", dla_yaml_text(name));
    dla_status status = read_value(r, key, dla_yaml_value(&r->yaml, node, i), &text);
    if (status) return dla_strbuf_free(&text), status;
    sweep->overrides[sweep->override_count++] = text.text;
  }
  return DLA_OK;
}

/* Takes ownership of the text. */
static dla_status add_value(dla_sweep_reader *r, const yaml_node_t *node, dla_sweep_parameter *p,
                            char *text)
{
  for (size_t i = 0; i < p->value_count; i++)
    if (strcmp(p->values[i], text) == 0) {
      dla_status status = dla_yaml_fail(&r->yaml, node, "keep one of the two",
                                        "%s: the value '%.80s' is there twice", p->name, text);
      free(text);
      return status;
    }
  p->values[p->value_count++] = text;
  return DLA_OK;
}

static dla_status make_room(dla_sweep_reader *r, const yaml_node_t *node, dla_sweep_parameter *p,
                            double count)
{
  if (!(count >= 1) || count > MOST_VALUES)
    return dla_yaml_fail(&r->yaml, node, NULL, "%s: needs 1 to %d values", p->name, MOST_VALUES);
  p->values = calloc((size_t)count, sizeof *p->values);
  return p->values ? DLA_OK : dla_fail_memory(r->yaml.err, "the sweep");
}

static dla_status read_list(dla_sweep_reader *r, const yaml_node_t *node, dla_sweep_parameter *p)
{
  const yaml_node_t *item;
  TRY(make_room(r, node, p,
                (double)(node->data.sequence.items.top - node->data.sequence.items.start)));
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, node, i)); i++) {
    dla_strbuf text = {0};
    dla_status status = read_value(r, p->key, item, &text);
    if (status) return dla_strbuf_free(&text), status;
    TRY(add_value(r, item, p, text.text));
  }
  return DLA_OK;
}

/* ---- Ranges ---- */

typedef struct interval {
  const dla_sweep_parameter *parameter;
  bool has_min, has_max;
  double min, max, step; /* step 0: no steps */
  bool log;
} interval;

static dla_status read_limit(dla_sweep_reader *r, const yaml_node_t *node, const interval *range,
                             double *value)
{
  dla_strbuf text = {0};
  dla_status status = read_value(r, range->parameter->key, node, &text);
  if (!status) dla_number_read(dla_strbuf_text(&text), value);
  dla_strbuf_free(&text);
  return status;
}

static dla_status read_min(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  interval *range = to;
  range->has_min = true;
  return read_limit(r, node, range, &range->min);
}

static dla_status read_max(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  interval *range = to;
  range->has_max = true;
  return read_limit(r, node, range, &range->max);
}

static dla_status read_step(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  interval *range = to;
  const char *text = dla_yaml_text(node);
  if (text && dla_number_read(text, &range->step) && range->step > 0) return DLA_OK;
  return dla_yaml_fail(&r->yaml, node, NULL, "'step' is a number above 0");
}

static dla_status read_log(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  interval *range = to;
  const char *text = dla_yaml_text(node);
  range->log = text && strcmp(text, "true") == 0;
  if (range->log || (text && strcmp(text, "false") == 0)) return DLA_OK;
  return dla_yaml_fail(&r->yaml, node, NULL, "'log' is true or false");
}

static dla_status check_range(dla_sweep_reader *r, const yaml_node_t *node, const interval *range)
{
  const char *name = range->parameter->name;
  if (!range->has_min || !range->has_max)
    return dla_yaml_fail(&r->yaml, node, NULL, "%s: a range needs min and max", name);
  if (range->min >= range->max)
    return dla_yaml_fail(&r->yaml, node, NULL, "%s: min is not below max", name);
  if (range->log && range->min <= 0)
    return dla_yaml_fail(&r->yaml, node, NULL, "%s: 'log: true' needs a min above 0", name);
  if (range->log && range->step && range->step <= 1)
    return dla_yaml_fail(&r->yaml, node, "min, min * step, min * step * step ...",
                         "%s: with 'log: true' the step is a factor above 1", name);
  if (range->parameter->key->type == DLA_KEY_INTEGER && range->step != floor(range->step))
    return dla_yaml_fail(&r->yaml, node, NULL, "%s: takes whole numbers, and so its step is one",
                         name);
  return DLA_OK;
}

/* Steps from min to max: min + k * step, or min * step^k. */
static dla_status expand_steps(dla_sweep_reader *r, const yaml_node_t *node, const interval *range,
                               dla_sweep_parameter *p)
{
  const double slack = 1e-9; /* so that 0.1 + 9 * 0.1 still reaches 1 */
  double steps = range->log ? log(range->max / range->min) / log(range->step)
                            : (range->max - range->min) / range->step;
  double count = floor(steps * (1 + slack)) + 1;
  TRY(make_room(r, node, p, count));
  for (int k = 0; k < (int)count; k++) {
    double value = range->log ? range->min * pow(range->step, k) : range->min + k * range->step;
    dla_strbuf text = {0};
    dla_sweep_write_number(p->key, fmin(value, range->max), STEP_DIGITS, &text);
    if (text.failed) return dla_fail_memory(r->yaml.err, "the sweep");
    TRY(add_value(r, node, p, text.text));
  }
  return DLA_OK;
}

static dla_status read_range(dla_sweep_reader *r, const yaml_node_t *node, dla_sweep_parameter *p)
{
  static const dla_sweep_entry entries[] = {{"min", read_min, 0, 0},
                                            {"max", read_max, 0, 0},
                                            {"step", read_step, 0, 0},
                                            {"log", read_log, 0, 0},
                                            {0}};
  interval range = {.parameter = p};
  if (p->key->type != DLA_KEY_NUMBER && p->key->type != DLA_KEY_INTEGER)
    return dla_yaml_fail(&r->yaml, node, "write a list", "%s: is no number, so it has no range",
                         p->name);
  TRY(dla_sweep_read_mapping(r, entries, p->name, node, &range));
  TRY(check_range(r, node, &range));
  p->min = range.min;
  p->max = range.max;
  p->log = range.log;
  return range.step ? expand_steps(r, node, &range, p) : DLA_OK;
}

static dla_status read_parameter(dla_sweep_reader *r, const yaml_node_t *name,
                                 const yaml_node_t *node, dla_sweep_parameter *p)
{
  TRY(find_key(r, name, true, &p->key));
  p->name = strdup(dla_yaml_text(name));
  if (!p->name) return dla_fail_memory(r->yaml.err, "the sweep");
  if (node->type == YAML_SEQUENCE_NODE) return read_list(r, node, p);
  if (node->type == YAML_MAPPING_NODE) return read_range(r, node, p);
  return dla_yaml_fail(&r->yaml, node, "what all trials share belongs into 'overrides'",
                       "%s: must be a list or {min, max}", p->name);
}

dla_status dla_sweep_read_parameters(dla_sweep_reader *r, const yaml_node_t *node, void *to)
{
  dla_sweep *sweep = to;
  const yaml_node_t *name;
  TRY(dla_yaml_check_mapping(&r->yaml, node, "'parameters'"));
  sweep->parameters = calloc(pair_count(node) + 1, sizeof *sweep->parameters);
  if (!sweep->parameters) return dla_fail_memory(r->yaml.err, "the sweep");
  for (size_t i = 0; (name = dla_yaml_key_node(&r->yaml, node, i)); i++)
    TRY(read_parameter(r, name, dla_yaml_value(&r->yaml, node, i),
                       &sweep->parameters[sweep->parameter_count++]));
  return DLA_OK;
}
