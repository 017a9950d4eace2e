/* Turns YAML events into a dla_config: one mapping of sections, each a mapping of keys to scalars.
 * Anchors, aliases, tags and further documents are refused: they have no use here, and without them
 * a file says plainly what it sets. */
#include "config/read_yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/json.h"
#include "base/looks_like.h"
#include "base/number.h"
#include "base/try.h"
#include "config/redact.h"
#include "config/schema.h"
#include "config/suggest.h"
#include "config/value.h"

enum { DEEPEST = 2 }; /* a list of mappings */

typedef struct reader {
  yaml_parser_t parser;
  yaml_event_t event; /* the current one */
  const char *name, *text;
  size_t length;
  dla_config *config;
  size_t section_lines[DLA_SECTION_COUNT]; /* the line where each was first seen; 0: not yet */
  size_t key_lines[DLA_KEY_COUNT];
  int depth;       /* depth within a list */
  char where[256]; /* the last result of place() */
  dla_error *err;
} reader;

static const char *place_line(reader *r, size_t line)
{
  snprintf(r->where, sizeof r->where, "%.200s:%zu", r->name, line);
  return r->where;
}

static size_t event_line(const reader *r)
{
  return r->event.start_mark.line + 1;
}

static const char *place(reader *r)
{
  return place_line(r, event_line(r));
}

static size_t lines_before(const reader *r, size_t offset)
{
  size_t lines = 0;
  for (size_t i = 0; i < offset && i < r->length; i++)
    lines += r->text[i] == '\n';
  return lines;
}

/* Whether this line (counted from 1) is indented by a tab. */
static bool indented_by_tab(const reader *r, size_t line)
{
  const char *p = r->text, *end = r->text + r->length;
  while (--line && (p = memchr(p, '\n', (size_t)(end - p))))
    p++;
  if (!p) return false;
  while (p < end && *p == ' ')
    p++;
  return p < end && *p == '\t';
}

static dla_status fail_syntax(reader *r)
{
  const yaml_parser_t *p = &r->parser;
  const char *problem = p->problem ? p->problem : "malformed";
  if (p->error == YAML_MEMORY_ERROR) return dla_fail_memory(r->err, "the YAML reader");
  if (p->error == YAML_READER_ERROR)
    return dla_fail(r->err, DLA_E_INPUT, place_line(r, lines_before(r, p->problem_offset) + 1),
                    "a config is UTF-8 text", "no YAML: %s", problem);
  size_t line = p->problem_mark.line + 1;
  const char *hint = indented_by_tab(r, line) ? "indent with spaces: YAML allows no tabs" : NULL;
  return dla_fail(r->err, DLA_E_INPUT, place_line(r, line), hint, "no YAML: %s%s%s", problem,
                  p->context ? " " : "", p->context ? p->context : "");
}

static bool has_anchor(const yaml_event_t *e)
{
  return e->type == YAML_ALIAS_EVENT || (e->type == YAML_SCALAR_EVENT && e->data.scalar.anchor) ||
         (e->type == YAML_MAPPING_START_EVENT && e->data.mapping_start.anchor) ||
         (e->type == YAML_SEQUENCE_START_EVENT && e->data.sequence_start.anchor);
}

static bool has_tag(const yaml_event_t *e)
{
  return (e->type == YAML_SCALAR_EVENT && e->data.scalar.tag) ||
         (e->type == YAML_MAPPING_START_EVENT && e->data.mapping_start.tag) ||
         (e->type == YAML_SEQUENCE_START_EVENT && e->data.sequence_start.tag);
}

/* Moves to the next event. */
static dla_status next(reader *r)
{
  yaml_event_delete(&r->event);
  if (!yaml_parser_parse(&r->parser, &r->event)) return fail_syntax(r);
  if (has_anchor(&r->event))
    return dla_fail(r->err, DLA_E_INPUT, place(r), "write the value out",
                    "anchors (&) and aliases (*) are not allowed");
  if (has_tag(&r->event))
    return dla_fail(r->err, DLA_E_INPUT, place(r), "leave it out", "tags (!) are not allowed");
  return DLA_OK;
}

/* The current scalar's text; NULL for an event of another kind. */
static const char *scalar(const reader *r)
{
  return r->event.type == YAML_SCALAR_EVENT ? (const char *)r->event.data.scalar.value : NULL;
}

static bool is_plain(const reader *r)
{
  return r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* Whether it is an empty plain scalar, as after "key:" or in a file of comments. */
static bool is_nothing(const reader *r)
{
  return scalar(r) && is_plain(r) && !*scalar(r);
}

static const char *kind_of_event(const reader *r)
{
  return r->event.type == YAML_SEQUENCE_START_EVENT  ? "a list"
         : r->event.type == YAML_MAPPING_START_EVENT ? "a mapping"
                                                     : "a single value";
}

/* "\0" is an escape in YAML, but no name or value may contain it. */
static dla_status refuse_nul(reader *r)
{
  if (!scalar(r) || !memchr(scalar(r), '\0', r->event.data.scalar.length)) return DLA_OK;
  return dla_fail(r->err, DLA_E_INPUT, place(r), NULL, "text with a NUL character is not allowed");
}

static dla_status next_name(reader *r)
{
  dla_status status = next(r);
  if (status || r->event.type == YAML_MAPPING_END_EVENT) return status;
  if (!scalar(r))
    return dla_fail(r->err, DLA_E_INPUT, place(r), NULL, "a name was expected, not %s",
                    kind_of_event(r));
  return refuse_nul(r);
}

static dla_status refuse_second(reader *r, size_t *first_line, const char *kind, const char *name)
{
  if (*first_line)
    return dla_fail(r->err, DLA_E_INPUT, place(r), "keep one of the two",
                    "%s '%s' is there already, on line %zu", kind, name, *first_line);
  *first_line = event_line(r);
  return DLA_OK;
}

static dla_status read_tree(reader *r, dla_json *json, const char *name);

static dla_status read_items(reader *r, dla_json *json, const char *name)
{
  dla_status status;
  dla_json_begin_array(json, name);
  while (!(status = next(r)) && r->event.type != YAML_SEQUENCE_END_EVENT)
    if ((status = read_tree(r, json, NULL))) break;
  dla_json_end_array(json);
  return status;
}

static dla_status read_members(reader *r, dla_json *json, const char *name)
{
  dla_status status;
  dla_json_begin_object(json, name);
  while (!(status = next_name(r)) && r->event.type != YAML_MAPPING_END_EVENT) {
    char *member = strdup(scalar(r));
    status = member ? next(r) : dla_fail_memory(r->err, "a name");
    if (!status) status = read_tree(r, json, member);
    free(member);
    if (status) break;
  }
  dla_json_end_object(json);
  return status;
}

/* Appends the value that begins with the current event, as JSON. src/config/list.h reads it
 * later. */
static dla_status read_tree(reader *r, dla_json *json, const char *name)
{
  double number;
  if (!scalar(r)) {
    if (r->depth == DEEPEST)
      return dla_fail(r->err, DLA_E_INPUT, place(r), NULL, "%s is nested too deeply here",
                      kind_of_event(r));
    r->depth++;
    const bool list = r->event.type == YAML_SEQUENCE_START_EVENT;
    dla_status status = list ? read_items(r, json, name) : read_members(r, json, name);
    r->depth--;
    return status;
  }
  if (is_plain(r) && dla_number_read(scalar(r), &number))
    dla_json_number(json, name, number);
  else
    dla_json_text(json, name, scalar(r));
  return refuse_nul(r);
}

static dla_status read_list(reader *r, const dla_key *key)
{
  dla_strbuf text = {0};
  char where[sizeof r->where];
  snprintf(where, sizeof where, "%s", place(r));
  dla_status status = read_tree(r, &(dla_json){.out = &text}, NULL);
  const dla_written written = {dla_strbuf_text(&text), DLA_STYLE_PLAIN, where};
  if (!status && text.failed) status = dla_fail_memory(r->err, "a list");
  if (!status) status = dla_value_read(r->config, key, &written, r->err);
  dla_strbuf_free(&text);
  return status;
}

static dla_status read_value(reader *r, const dla_key *key)
{
  dla_status status = next(r);
  if (status) return status;
  r->config->given[key - dla_keys] = DLA_GIVEN_IN_FILE;
  r->config->line[key - dla_keys] = (uint32_t)event_line(r);
  if (key->type == DLA_KEY_LIST && !scalar(r)) return read_list(r, key);
  if (!scalar(r)) return dla_value_refuse(key, place(r), NULL, kind_of_event(r), r->err);
  if ((status = refuse_nul(r))) return status;
  dla_written written = {.text = scalar(r),
                         .style = is_plain(r) ? DLA_STYLE_PLAIN : DLA_STYLE_QUOTED,
                         .where = place(r)};
  if (!strchr(written.text, '$') && dla_holds_secret(key->secrecy, written.text))
    r->config->secret_exposed = true;
  status = dla_value_read(r->config, key, &written, r->err);
  if (key->secrecy) explicit_bzero(r->event.data.scalar.value, r->event.data.scalar.length);
  return status;
}

static dla_status read_mapping(reader *r, const dla_section *section);

/* Reads an entry of a section: a key, or another section. */
static dla_status read_entry(reader *r, const dla_section *section)
{
  const dla_key *key = dla_key_find(section->name, scalar(r));
  const dla_section *inner = dla_section_in(section, scalar(r));
  dla_status status;
  if (key) {
    status = refuse_second(r, &r->key_lines[key - dla_keys], "key", key->name);
    return status ? status : read_value(r, key);
  }
  if (inner) {
    status = refuse_second(r, &r->section_lines[inner - dla_sections], "section", inner->name);
    return status ? status : read_mapping(r, inner);
  }
  return section == dla_sections ? dla_unknown_section(scalar(r), place(r), r->err)
                                 : dla_unknown_key(section, scalar(r), place(r), r->err);
}

static dla_status read_mapping(reader *r, const dla_section *section)
{
  dla_status status = next(r);
  if (status || is_nothing(r)) return status; /* all its keys are commented out */
  if (r->event.type != YAML_MAPPING_START_EVENT && section == dla_sections)
    return dla_fail(r->err, DLA_E_INPUT, place(r), "see dla-train --help-config",
                    "a config must be a mapping of sections, not %s", kind_of_event(r));
  if (r->event.type != YAML_MAPPING_START_EVENT)
    return dla_fail(r->err, DLA_E_INPUT, place(r), "write 'key: value' lines, indented, below it",
                    "section '%s' must be a mapping, not %s", section->name, kind_of_event(r));
  while (!(status = next_name(r)) && r->event.type != YAML_MAPPING_END_EVENT)
    if ((status = read_entry(r, section))) break;
  return status;
}

static dla_status read_stream(reader *r)
{
  TRY(next(r)); /* the start of the stream */
  TRY(next(r)); /* the start of the document, or the end of an empty file */
  if (r->event.type == YAML_STREAM_END_EVENT) return DLA_OK;
  TRY(read_mapping(r, dla_sections));
  TRY(next(r)); /* the end of the document */
  TRY(next(r));
  if (r->event.type == YAML_STREAM_END_EVENT) return DLA_OK;
  return dla_fail(r->err, DLA_E_INPUT, place(r), "one file, one config",
                  "a second document begins here");
}

dla_status dla_config_read_yaml(dla_config *config, const char *name, const char *text,
                                size_t length, dla_error *err)
{
  reader r = {.name = name, .text = text, .length = length, .config = config, .err = err};
  const char *nul = memchr(text, '\0', length);
  const dla_looks looks = dla_looks_like(text, length);
  if (nul && looks.what)
    return dla_fail(err, DLA_E_INPUT, name,
                    "give a config first; dla-train predict CHECKPOINT PICTURE says what is on a "
                    "picture",
                    "it is no config: it is %s%s", looks.what, looks.title);
  if (nul)
    return dla_fail(err, DLA_E_INPUT, place_line(&r, lines_before(&r, (size_t)(nul - text)) + 1),
                    "a config is UTF-8 text", "no YAML: there is a NUL byte");
  if (!yaml_parser_initialize(&r.parser)) return dla_fail_memory(err, "the YAML reader");
  yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
  dla_status status = read_stream(&r);
  yaml_event_delete(&r.event);
  yaml_parser_delete(&r.parser);
  return status;
}
