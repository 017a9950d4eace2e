#include "base/yaml_document.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *place_line(dla_yaml *yaml, size_t line)
{
  snprintf(yaml->where, sizeof yaml->where, "%.200s:%zu", yaml->name, line);
  return yaml->where;
}

const char *dla_yaml_place(dla_yaml *yaml, const yaml_node_t *node)
{
  return place_line(yaml, node->start_mark.line + 1);
}

const char *dla_yaml_text(const yaml_node_t *node)
{
  return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

const yaml_node_t *dla_yaml_item(dla_yaml *yaml, const yaml_node_t *list, size_t i)
{
  if (i >= (size_t)(list->data.sequence.items.top - list->data.sequence.items.start)) return NULL;
  return yaml_document_get_node(&yaml->document, list->data.sequence.items.start[i]);
}

static const yaml_node_pair_t *pair(const yaml_node_t *mapping, size_t i)
{
  const yaml_node_pair_t *start = mapping->data.mapping.pairs.start;
  return i < (size_t)(mapping->data.mapping.pairs.top - start) ? &start[i] : NULL;
}

const yaml_node_t *dla_yaml_key_node(dla_yaml *yaml, const yaml_node_t *mapping, size_t i)
{
  const yaml_node_pair_t *p = pair(mapping, i);
  return p ? yaml_document_get_node(&yaml->document, p->key) : NULL;
}

const char *dla_yaml_key(dla_yaml *yaml, const yaml_node_t *mapping, size_t i)
{
  const yaml_node_t *node = dla_yaml_key_node(yaml, mapping, i);
  return node ? dla_yaml_text(node) : NULL;
}

const yaml_node_t *dla_yaml_value(dla_yaml *yaml, const yaml_node_t *mapping, size_t i)
{
  const yaml_node_pair_t *p = pair(mapping, i);
  return p ? yaml_document_get_node(&yaml->document, p->value) : NULL;
}

bool dla_yaml_is_empty(const yaml_node_t *node)
{
  return (node->type == YAML_SEQUENCE_NODE &&
          node->data.sequence.items.top == node->data.sequence.items.start) ||
         (node->type == YAML_MAPPING_NODE && !pair(node, 0));
}

const yaml_node_t *dla_yaml_get(dla_yaml *yaml, const yaml_node_t *mapping, const char *key)
{
  for (size_t i = 0; pair(mapping, i); i++) {
    const char *name = dla_yaml_key(yaml, mapping, i);
    if (name && strcmp(name, key) == 0) return dla_yaml_value(yaml, mapping, i);
  }
  return NULL;
}

dla_status dla_yaml_check_key(dla_yaml *yaml, const yaml_node_t *mapping, size_t i,
                              const char *what)
{
  const yaml_node_t *node = dla_yaml_key_node(yaml, mapping, i);
  const char *key = dla_yaml_text(node);
  if (!key || i >= DLA_YAML_MOST_KEYS)
    return dla_fail(yaml->err, DLA_E_INPUT, dla_yaml_place(yaml, node), NULL, "%s %s", what,
                    key ? "has too many keys" : "has a key that is no single word");
  if (dla_yaml_get(yaml, mapping, key) == dla_yaml_value(yaml, mapping, i)) return DLA_OK;
  return dla_fail(yaml->err, DLA_E_INPUT, dla_yaml_place(yaml, node), "keep one of the two",
                  "%s has the key '%s' twice", what, key);
}

dla_status dla_yaml_check_mapping(dla_yaml *yaml, const yaml_node_t *node, const char *what)
{
  if (node->type != YAML_MAPPING_NODE)
    return dla_fail(yaml->err, DLA_E_INPUT, dla_yaml_place(yaml, node), yaml->kind->manual,
                    "%s must be a mapping", what);
  for (size_t i = 0; pair(node, i); i++) {
    dla_status status = dla_yaml_check_key(yaml, node, i, what);
    if (status) return status;
  }
  return DLA_OK;
}

/* The start of a line in the text that the parser was given. */
static const char *line_of(const yaml_parser_t *p, size_t line)
{
  const char *at = (const char *)p->input.string.start, *end = (const char *)p->input.string.end;
  while (at && line--) {
    at = memchr(at, '\n', (size_t)(end - at));
    if (at) at++;
  }
  return at ? at : end;
}

static size_t lines_before(const yaml_parser_t *p, size_t offset)
{
  const unsigned char *text = p->input.string.start;
  const size_t length = (size_t)(p->input.string.end - text);
  size_t lines = 0;
  for (size_t i = 0; i < offset && i < length; i++)
    lines += text[i] == '\n';
  return lines;
}

/* Looks for usual mistakes: files often come from JSON, or are indented by an editor. */
static const char *explain(const yaml_parser_t *p)
{
  const char *at = line_of(p, p->problem_mark.line), *end = (const char *)p->input.string.end;
  const char *text = at;
  while (text < end && *text == ' ')
    text++;
  if (text < end && *text == '\t') return "indent with spaces: YAML allows no tabs";
  if (p->problem && strstr(p->problem, "expected ','")) return "is one missing just before?";
  for (size_t i = 0; at < end && i < p->problem_mark.column; i++) /* columns count characters of
                                                                   * UTF-8 */
    for (at++; at < end && ((unsigned char)*at & 0xc0) == 0x80;)
      at++;
  return at < end && *at == ',' ? "leave out the ',' behind the value" : NULL;
}

static dla_status fail_syntax(dla_yaml *yaml, const yaml_parser_t *p)
{
  if (p->error == YAML_MEMORY_ERROR) return dla_fail_memory(yaml->err, "the YAML reader");
  if (p->error == YAML_READER_ERROR)
    return dla_fail(yaml->err, DLA_E_INPUT,
                    place_line(yaml, lines_before(p, p->problem_offset) + 1), yaml->kind->encoding,
                    "no YAML: %s", p->problem);
  return dla_fail(yaml->err, DLA_E_INPUT, place_line(yaml, p->problem_mark.line + 1), explain(p),
                  "no YAML: %s%s%s", p->problem ? p->problem : "malformed", p->context ? " " : "",
                  p->context ? p->context : "");
}

/* Which part of YAML the event uses that we do not accept; NULL: none. */
static const char *refused(const yaml_event_t *e)
{
  const yaml_char_t *anchor = NULL, *tag = NULL;
  if (e->type == YAML_SCALAR_EVENT) {
    anchor = e->data.scalar.anchor, tag = e->data.scalar.tag;
    if (memchr(e->data.scalar.value, '\0', e->data.scalar.length)) return "NUL characters";
  } else if (e->type == YAML_MAPPING_START_EVENT) {
    anchor = e->data.mapping_start.anchor, tag = e->data.mapping_start.tag;
  } else if (e->type == YAML_SEQUENCE_START_EVENT) {
    anchor = e->data.sequence_start.anchor, tag = e->data.sequence_start.tag;
  }
  if (anchor || e->type == YAML_ALIAS_EVENT) return "anchors (&) and aliases (*)";
  return tag ? "tags (!)" : NULL;
}

static dla_status check_event(dla_yaml *yaml, const yaml_event_t *e, int *depth, int *documents)
{
  const char *what = refused(e);
  if (e->type == YAML_MAPPING_START_EVENT || e->type == YAML_SEQUENCE_START_EVENT) ++*depth;
  if (e->type == YAML_MAPPING_END_EVENT || e->type == YAML_SEQUENCE_END_EVENT) --*depth;
  if (e->type == YAML_DOCUMENT_START_EVENT && ++*documents > 1) what = "second documents";
  if (*depth > yaml->kind->depth) what = "lists and mappings nested so deeply";
  if (!what) return DLA_OK;
  return dla_fail(yaml->err, DLA_E_INPUT, place_line(yaml, e->start_mark.line + 1), NULL,
                  "%s are not allowed", what);
}

/* Looks for aliases before the document is loaded, because loading resolves them without a
 * trace. */
static dla_status check_events(dla_yaml *yaml, yaml_parser_t *parser)
{
  dla_status status = DLA_OK;
  int depth = 0, documents = 0;
  for (bool end = false; !end && !status;) {
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event)) return fail_syntax(yaml, parser);
    status = check_event(yaml, &event, &depth, &documents);
    end = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  return status;
}

static dla_status load_document(dla_yaml *yaml, yaml_parser_t *parser)
{
  if (!yaml_parser_load(parser, &yaml->document)) return fail_syntax(yaml, parser);
  yaml->root = yaml_document_get_root_node(&yaml->document);
  return DLA_OK;
}

static dla_status parse(dla_yaml *yaml, const char *text, size_t length,
                        dla_status (*use)(dla_yaml *yaml, yaml_parser_t *parser))
{
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return dla_fail_memory(yaml->err, "the YAML reader");
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
  dla_status status = use(yaml, &parser);
  yaml_parser_delete(&parser);
  return status;
}

dla_status dla_yaml_load(dla_yaml *yaml, const dla_yaml_kind *kind, const char *name,
                         const char *text, size_t length, dla_error *err)
{
  *yaml = (dla_yaml){.kind = kind, .name = name, .err = err};
  dla_status status = parse(yaml, text, length, check_events);
  return status ? status : parse(yaml, text, length, load_document);
}

dla_status dla_yaml_fail(dla_yaml *yaml, const yaml_node_t *node, const char *hint,
                         const char *format, ...)
{
  char what[400];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  return dla_fail(yaml->err, DLA_E_INPUT, dla_yaml_place(yaml, node), hint, "%s", what);
}
