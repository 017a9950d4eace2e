#include "config/list.h"

#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/try.h"
#include "base/yaml_document.h"

static const dla_yaml_kind kind = {"see docs/config.md", "a list is UTF-8 text", 3};

typedef struct list {
  const dla_key *key;
  const char *where;
  dla_yaml yaml;
  dla_json json;
  dla_error *err;
} list;

static dla_status refuse(list *l, const char *found)
{
  return dla_value_refuse(l->key, l->where, NULL, found, l->err);
}

static bool is_plain_number(const yaml_node_t *node, double *number)
{
  return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
         dla_number_read(dla_yaml_text(node), number);
}

static const dla_list_member *find_member(const dla_key *key, const char *name)
{
  for (const dla_list_member *m = key->members; m->name; m++)
    if (strcmp(m->name, name) == 0) return m;
  return NULL;
}

static dla_status add_member(list *l, const char *name, const yaml_node_t *value)
{
  const dla_list_member *member = find_member(l->key, name);
  double number = 0;
  if (!member) return refuse(l, name);
  if (!member->number && dla_yaml_text(value)) {
    dla_json_text(&l->json, name, dla_yaml_text(value));
    return DLA_OK;
  }
  if (member->number && is_plain_number(value, &number) &&
      dla_range_holds(&member->range, number)) {
    dla_json_number(&l->json, name, number);
    return DLA_OK;
  }
  char found[120];
  snprintf(found, sizeof found, "%s: %.80s", name,
           dla_yaml_text(value) ? dla_yaml_text(value) : "a list or a mapping");
  return refuse(l, found);
}

static dla_status add_mapping(list *l, const yaml_node_t *node)
{
  const char *name, *first = l->key->members[0].name;
  char without[80];
  snprintf(without, sizeof without, "a mapping without %s", first);
  TRY(dla_yaml_check_mapping(&l->yaml, node, l->key->name));
  if (!dla_yaml_get(&l->yaml, node, first)) return refuse(l, without);
  dla_json_begin_object(&l->json, NULL);
  for (size_t i = 0; (name = dla_yaml_key(&l->yaml, node, i)); i++)
    TRY(add_member(l, name, dla_yaml_value(&l->yaml, node, i)));
  dla_json_end_object(&l->json);
  return DLA_OK;
}

static dla_status add_item(list *l, const yaml_node_t *node)
{
  const char *text = dla_yaml_text(node);
  if (l->key->members && node->type == YAML_MAPPING_NODE) return add_mapping(l, node);
  if (l->key->members) return refuse(l, text ? text : "a list of lists");
  if (!text || !*text) return refuse(l, text ? "an empty text" : "a list of lists or mappings");
  dla_json_text(&l->json, NULL, text);
  return DLA_OK;
}

static dla_status add_items(list *l)
{
  const yaml_node_t *root = l->yaml.root, *node;
  if (!root || dla_yaml_is_empty(root)) return DLA_OK;
  dla_json_begin_array(&l->json, NULL);
  if (root->type != YAML_SEQUENCE_NODE) TRY(add_item(l, root));
  if (root->type == YAML_SEQUENCE_NODE)
    for (size_t i = 0; (node = dla_yaml_item(&l->yaml, root, i)); i++)
      TRY(add_item(l, node));
  dla_json_end_array(&l->json);
  return DLA_OK;
}

static dla_status read_yaml(list *l, const char *text)
{
  TRY(dla_yaml_load(&l->yaml, &kind, l->where, text, strlen(text), l->err));
  dla_status status = add_items(l);
  yaml_document_delete(&l->yaml.document);
  return status;
}

/* A single text may begin with characters that are special in YAML: *.bias. */
static dla_status read_text(list *l, const char *text)
{
  if (l->key->members) return refuse(l, text);
  dla_json_begin_array(&l->json, NULL);
  dla_json_text(&l->json, NULL, text);
  dla_json_end_array(&l->json);
  return DLA_OK;
}

dla_status dla_list_read(const dla_key *key, const dla_written *written, dla_strbuf *json,
                         dla_error *err)
{
  list l = {.key = key, .where = written->where, .json = {.out = json}, .err = err};
  const char *text = written->text;
  if (!*text) return DLA_OK;
  TRY(*text == '[' || *text == '{' ? read_yaml(&l, text) : read_text(&l, text));
  return json->failed ? dla_fail_memory(err, "a list") : DLA_OK;
}
