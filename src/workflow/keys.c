#include "workflow/keys.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/number.h"
#include "base/try.h"

enum { MOST_INTEGER = 1000000 }; /* so that tasks * cpus * MB fits */

/* Is it an unquoted null? In the grid's schema that is an absent key. */
static bool is_null(const yaml_node_t *node)
{
  const char *text = dla_yaml_text(node);
  return text && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
         (!*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static dla_status need_scalar(dla_workflow_reader *r, const yaml_node_t *node, const char *name,
                              const char **text)
{
  *text = dla_yaml_text(node);
  if (*text) return DLA_OK;
  return dla_yaml_fail(&r->yaml, node, NULL, "'%s' must be a single value", name);
}

static dla_status read_bool(dla_workflow_reader *r, const yaml_node_t *node, const char *name,
                            bool *value)
{
  const char *text;
  TRY(need_scalar(r, node, name, &text));
  *value = strcmp(text, "true") == 0;
  if (*value || strcmp(text, "false") == 0) return DLA_OK;
  return dla_yaml_fail(&r->yaml, node, NULL, "'%s' is true or false, not '%.40s'", name, text);
}

static dla_status read_integer(dla_workflow_reader *r, const yaml_node_t *node,
                               const dla_workflow_key *key, int64_t *value)
{
  const char *text;
  int64_t number;
  TRY(need_scalar(r, node, key->name, &text));
  if (!dla_integer_read(text, &number))
    return dla_yaml_fail(&r->yaml, node, NULL, "'%s' is a whole number in decimal, not '%.40s'",
                         key->name, text);
  if (number < key->least || number > MOST_INTEGER)
    return dla_yaml_fail(&r->yaml, node, NULL, "'%s' is at least %lld and at most %d, not %s",
                         key->name, (long long)key->least, MOST_INTEGER, text);
  *value = number;
  return DLA_OK;
}

static dla_status read_field(dla_workflow_reader *r, const dla_workflow_key *key,
                             const yaml_node_t *node, void *field)
{
  const char *text;
  switch (key->type) {
  case DLA_TYPE_TEXT:
    TRY(need_scalar(r, node, key->name, &text));
    return dla_text_set(field, text, "the workflow", r->yaml.err);
  case DLA_TYPE_SECRET:
    TRY(need_scalar(r, node, key->name, &text));
    return dla_secret_new(text, strlen(text), field, r->yaml.err);
  case DLA_TYPE_BOOL:
    return read_bool(r, node, key->name, field);
  case DLA_TYPE_INTEGER:
    return read_integer(r, node, key, field);
  case DLA_TYPE_OTHER:
    return key->mapping ? dla_workflow_read_mapping(r, key->mapping, node, field)
                        : key->read(r, node, field);
  }
  return DLA_OK;
}

static const dla_workflow_key *find(const dla_workflow_mapping *mapping, const char *name)
{
  for (const dla_workflow_key *key = mapping->keys; key->name; key++)
    if (strcmp(key->name, name) == 0) return key;
  return NULL;
}

static bool is_of_guess(const dla_workflow_reader *r, const char *where)
{
  const char *number = strrchr(where, ':');
  const size_t line = number ? strtoul(number + 1, NULL, 10) : 0;
  return r->guesses && line && line <= r->guesses->length &&
         r->guesses->text[line - 1] == DLA_LINE_GUESSED;
}

dla_status dla_workflow_go_on(dla_workflow_reader *r, dla_status status)
{
  if (status != DLA_E_INPUT) return status;
  if (is_of_guess(r, r->yaml.err->where)) return DLA_OK;
  return dla_workflow_faults_add(r->faults, r->yaml.err, r->yaml.err);
}

static bool asks_for_nothing(const dla_workflow_unsupported *key, const yaml_node_t *value)
{
  const char *text = dla_yaml_text(value);
  if (!text) return value->type == YAML_SEQUENCE_NODE && dla_yaml_is_empty(value);
  return is_null(value) || (key->harmless && strcmp(text, key->harmless) == 0);
}

/* The right place of a key that is often put elsewhere, for instance by older clients of the
 * grid. */
static const char *home_of(const char *name)
{
  static const struct {
    const char *mapping, *keys[10];
  } homes[] = {
      {"'container'",
       {"image", "registry", "apptainer", "deepsquareHosted", "mountHome", "x11", "readOnlyRootFS",
        "mounts"}},
      {"'run'",
       {"command", "shell", "env", "container", "workDir", "mpi", "mapUid", "mapGid",
        "disableCpuBinding"}},
      {"'for'", {"items", "range", "parallel"}},
      {"'launch'", {"handleName", "signalOnParentStepExit"}},
      {"'use'", {"source", "args", "exportEnvAs"}},
      {"'resources'", {"tasks", "cpusPerTask", "memPerCpu", "gpus", "gpusPerTask"}},
      {"'s3'",
       {"region", "bucketUrl", "path", "accessKeyId", "secretAccessKey", "endpointUrl",
        "deleteSync"}},
      {"'http'", {"url"}},
      {"a step", {"if", "catch", "finally", "dependsOn"}},
  };
  for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
    for (const char *const *key = homes[i].keys; *key; key++)
      if (strcmp(*key, name) == 0) return homes[i].mapping;
  return NULL;
}

static const dla_workflow_unsupported *find_unsupported(const dla_workflow_mapping *mapping,
                                                        const char *name)
{
  for (; mapping; mapping = mapping->inner)
    for (const dla_workflow_unsupported *u = mapping->unsupported; u && u->name; u++)
      if (strcmp(u->name, name) == 0) return u;
  return NULL;
}

static dla_status refuse_key(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                             const yaml_node_t *node, const yaml_node_t *value, const char *name)
{
  char hint[80];
  const char *home = home_of(name);
  const dla_workflow_unsupported *u = find_unsupported(mapping, name);
  if (u && asks_for_nothing(u, value)) return DLA_OK;
  if (u && !home)
    return dla_yaml_fail(&r->yaml, node, u->hint ? u->hint : "leave it out",
                         "%s: '%s' is a key of the grid that is not supported here", mapping->what,
                         name);
  dla_closest closest = dla_closest_to(name);
  for (const dla_workflow_key *key = mapping->keys; key->name; key++)
    dla_closest_offer(&closest, key->name);
  if (home && strncmp(home, mapping->what, strlen(home)) != 0)
    snprintf(hint, sizeof hint, "it belongs into %s", home);
  else
    dla_closest_hint(&closest, "", u && u->hint ? u->hint : r->yaml.kind->manual, hint,
                     sizeof hint);
  return dla_yaml_fail(&r->yaml, node, hint, "%s has no key '%.80s'", mapping->what, name);
}

bool dla_workflow_has(dla_workflow_reader *r, const yaml_node_t *mapping, const char *key)
{
  const yaml_node_t *value = dla_yaml_get(&r->yaml, mapping, key);
  return value && !is_null(value);
}

const yaml_node_t *dla_workflow_at(dla_workflow_reader *r, const yaml_node_t *mapping,
                                   const char *key)
{
  const yaml_node_t *value = dla_yaml_get(&r->yaml, mapping, key);
  return value ? value : mapping;
}

static dla_status check_required(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                                 const yaml_node_t *node)
{
  for (const dla_workflow_key *key = mapping->keys; key->name; key++) {
    if (!key->required || dla_workflow_has(r, node, key->name)) continue;
    TRY(dla_workflow_go_on(r, dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, key->name),
                                            r->yaml.kind->manual, "%s needs '%s'", mapping->what,
                                            key->name)));
  }
  return DLA_OK;
}

/* Tells what is wrong with a value that is not kept. */
static dla_status try_value(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                            const dla_workflow_key *key, const yaml_node_t *node,
                            const yaml_node_t *value)
{
  dla_workflow scratch = {.steps.items = calloc(1, sizeof *scratch.steps.items)};
  if (!scratch.steps.items) return dla_fail_memory(r->yaml.err, "the workflow");
  scratch.steps.count = 1;
  char *to = (mapping->in_step ? (char *)scratch.steps.items : (char *)&scratch) + mapping->scratch;
  dla_status status = read_field(r, key, value, to + key->offset);
  if (!status && mapping->check) status = mapping->check(r, node, to);
  dla_workflow_free(&scratch);
  return status;
}

static dla_status try_within(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                             const yaml_node_t *node, const yaml_node_t *value, const char *name)
{
  for (const dla_workflow_mapping *const *m = mapping->within; m && *m; m++) {
    const dla_workflow_key *key = find(*m, name);
    if (key) return is_null(value) ? DLA_OK : try_value(r, *m, key, node, value);
  }
  return DLA_OK;
}

/* A key that belongs into another mapping: it is refused, but its value may be wrong, too. Where
 * that mapping is there, it has the key's field. */
static dla_status read_stray(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                             const yaml_node_t *node, const yaml_node_t *value, const char *name,
                             void *to)
{
  for (const dla_workflow_mapping *m = mapping; m->inner; m = m->inner) {
    if (dla_workflow_has(r, node, m->inner_key)) break;
    to = (char *)to + m->inner_offset;
    const dla_workflow_key *key = find(m->inner, name);
    if (key) return is_null(value) ? DLA_OK : read_field(r, key, value, (char *)to + key->offset);
  }
  return try_within(r, mapping, node, value, name);
}

static dla_status read_pair(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                            const yaml_node_t *node, size_t i, const char *name, void *to)
{
  const yaml_node_t *value = dla_yaml_value(&r->yaml, node, i);
  const dla_workflow_key *key = find(mapping, name);
  if (key) return is_null(value) ? DLA_OK : read_field(r, key, value, (char *)to + key->offset);
  TRY(dla_workflow_go_on(
      r, refuse_key(r, mapping, dla_yaml_key_node(&r->yaml, node, i), value, name)));
  return read_stray(r, mapping, node, value, name, to);
}

dla_status dla_workflow_read_mapping(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                                     const yaml_node_t *node, void *to)
{
  if (node->type != YAML_MAPPING_NODE) return dla_yaml_check_mapping(&r->yaml, node, mapping->what);
  for (size_t i = 0; dla_yaml_key_node(&r->yaml, node, i); i++) {
    dla_status status = dla_yaml_check_key(&r->yaml, node, i, mapping->what);
    if (status && i >= DLA_YAML_MOST_KEYS) return status;
    if (!status) status = read_pair(r, mapping, node, i, dla_yaml_key(&r->yaml, node, i), to);
    TRY(dla_workflow_go_on(r, status));
  }
  TRY(check_required(r, mapping, node));
  return mapping->check ? mapping->check(r, node, to) : DLA_OK;
}

dla_status dla_workflow_list(dla_workflow_reader *r, const yaml_node_t *node, const char *what,
                             size_t size, void **items, size_t *count)
{
  if (node->type != YAML_SEQUENCE_NODE)
    return dla_yaml_fail(&r->yaml, node, "write '- ...' lines below it", "'%s' must be a list",
                         what);
  *count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
  *items = *count ? calloc(*count, size) : NULL;
  if (*items || !*count) return DLA_OK;
  *count = 0;
  return dla_fail_memory(r->yaml.err, "the workflow");
}

dla_status dla_workflow_read_strings(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_strings *strings = field;
  const yaml_node_t *item;
  const char *text;
  TRY(dla_workflow_list(r, node, "a list of words", sizeof *strings->items,
                        (void **)&strings->items, &strings->count));
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, node, i)); i++) {
    const dla_status status = need_scalar(r, item, "an element", &text);
    if (status)
      TRY(dla_workflow_go_on(r, status));
    else
      TRY(dla_text_set(&strings->items[i], text, "the workflow", r->yaml.err));
  }
  return DLA_OK;
}

bool dla_workflow_is_variable(const char *name)
{
  if (!isalpha((unsigned char)*name) && *name != '_') return false;
  while (isalnum((unsigned char)*name) || *name == '_')
    name++;
  return !*name;
}

dla_status dla_workflow_read_variables(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_KEY("key", TEXT, dla_workflow_variable, key, true),
      DLA_WORKFLOW_KEY("value", TEXT, dla_workflow_variable, value, false),
      {0},
  };
  static const dla_workflow_mapping mapping = {.what = "a variable of 'env'", .keys = keys};
  dla_workflow_variables *variables = field;
  const yaml_node_t *item;
  TRY(dla_workflow_list(r, node, "env", sizeof *variables->items, (void **)&variables->items,
                        &variables->count));
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, node, i)); i++) {
    dla_workflow_variable *variable = &variables->items[i];
    TRY(dla_workflow_go_on(r, dla_workflow_read_mapping(r, &mapping, item, variable)));
    if (variable->key && !dla_workflow_is_variable(variable->key))
      TRY(dla_workflow_go_on(r, dla_yaml_fail(&r->yaml, dla_workflow_at(r, item, "key"),
                                              "letters, digits and _",
                                              "'%.60s' is no variable's name", variable->key)));
    if (!variable->value) TRY(dla_text_set(&variable->value, "", "the workflow", r->yaml.err));
  }
  return DLA_OK;
}
