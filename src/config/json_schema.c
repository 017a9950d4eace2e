#include "base/number.h"
#include "config/config.h"
#include "config/schema.h"

static void add_default(const dla_key *key, dla_strbuf *out)
{
  bool text =
      key->type == DLA_KEY_STRING || key->type == DLA_KEY_CHOICE || key->type == DLA_KEY_MODE;
  dla_strbuf_printf(out, ", \"default\": ");
  if (key->type == DLA_KEY_LIST)
    dla_strbuf_printf(out, "[]");
  else if (text && !key->boolean_too)
    dla_strbuf_json_string(out, key->fallback);
  else
    dla_strbuf_printf(out, "%s", key->fallback);
}

static void add_range(const dla_range *range, dla_strbuf *out)
{
  dla_strbuf_printf(out, ", \"%s\": ", range->above_min ? "exclusiveMinimum" : "minimum");
  dla_number_write(range->min, out);
  dla_strbuf_printf(out, ", \"%s\": ", range->below_max ? "exclusiveMaximum" : "maximum");
  dla_number_write(range->max, out);
}

static void add_choices(const dla_key *key, dla_strbuf *out)
{
  dla_strbuf_printf(out, ", \"enum\": [");
  for (const char *const *choice = key->choices; *choice; choice++) {
    if (choice != key->choices) dla_strbuf_printf(out, ", ");
    if (key->boolean_too && choice < key->choices + 2)
      dla_strbuf_printf(out, "%s", *choice);
    else
      dla_strbuf_json_string(out, *choice);
  }
  dla_strbuf_printf(out, "]");
}

/* A list of texts or mappings; a single item may stand without the list. */
static void add_list(const dla_key *key, dla_strbuf *out)
{
  dla_strbuf_printf(out, "\"%s\": {\"type\": [\"array\", \"%s\"], \"items\": {\"type\": \"%s\"",
                    key->name, key->members ? "object" : "string",
                    key->members ? "object" : "string");
  for (const dla_list_member *m = key->members; m && m->name; m++) {
    if (m == key->members)
      dla_strbuf_printf(out,
                        ", \"additionalProperties\": false, \"required\": [\"%s\"], "
                        "\"properties\": {",
                        m->name);
    dla_strbuf_printf(out, "%s\"%s\": {\"type\": \"%s\"", m == key->members ? "" : ", ", m->name,
                      m->number ? "number" : "string");
    if (m->number) add_range(&m->range, out);
    dla_strbuf_printf(out, "}");
  }
  dla_strbuf_printf(out, "%s}", key->members ? "}" : "");
}

static void add_key(const dla_key *key, dla_strbuf *out)
{
  static const char *const types[] = {
      [DLA_KEY_STRING] = "string",   [DLA_KEY_INTEGER] = "integer", [DLA_KEY_NUMBER] = "number",
      [DLA_KEY_BOOLEAN] = "boolean", [DLA_KEY_CHOICE] = "string",   [DLA_KEY_MODE] = "string"};
  if (key->type == DLA_KEY_LIST)
    add_list(key, out);
  else if (key->type == DLA_KEY_MODE || key->number_too) /* digits without quotes are a number in
                                                          * YAML */
    dla_strbuf_printf(out, "\"%s\": {\"type\": [\"string\", \"integer\"]", key->name);
  else if (key->boolean_too)
    dla_strbuf_printf(out, "\"%s\": {\"type\": [\"boolean\", \"string\"]", key->name);
  else
    dla_strbuf_printf(out, "\"%s\": {\"type\": \"%s\"", key->name, types[key->type]);
  if (key->choices)
    add_choices(key, out);
  else if (key->type == DLA_KEY_STRING)
    dla_strbuf_printf(out, ", \"maxLength\": %d", DLA_STRING_MAX);
  else if (key->type == DLA_KEY_MODE)
    dla_strbuf_printf(out, ", \"pattern\": \"^([0-7]{3,4})?$\"");
  else if (key->type == DLA_KEY_INTEGER || key->type == DLA_KEY_NUMBER)
    add_range(&key->range, out);
  add_default(key, out);
  dla_strbuf_printf(out, ", \"description\": ");
  dla_strbuf_json_string(out, key->doc);
  dla_strbuf_printf(out, "}");
}

static void add_section(const dla_section *section, dla_strbuf *out);

/* The keys of a section, and the sections inside it. */
static void add_properties(const dla_section *section, int indent, dla_strbuf *out)
{
  const char *between = "\n";
  dla_strbuf_printf(out, "%*s\"additionalProperties\": false,\n%*s\"properties\": {", indent, "",
                    indent, "");
  for (const dla_key *key = NULL; (key = dla_key_next(section, key)); between = ",\n") {
    dla_strbuf_printf(out, "%s%*s", between, indent + 2, "");
    add_key(key, out);
  }
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    if (!dla_section_name_in(section, s)) continue;
    dla_strbuf_printf(out, "%s%*s\"%s\": ", between, indent + 2, "",
                      dla_section_name_in(section, s));
    add_section(s, out);
    between = ",\n";
  }
  dla_strbuf_printf(out, "\n%*s}\n", indent, "");
}

static void add_section(const dla_section *section, dla_strbuf *out)
{
  int indent = 4 * dla_section_depth(section) + 2;
  /* null: all keys of the section are commented out */
  dla_strbuf_printf(out, "{\n%*s\"type\": [\"object\", \"null\"],\n%*s\"description\": ", indent,
                    "", indent, "");
  dla_strbuf_json_string(out, section->doc);
  dla_strbuf_printf(out, ",\n");
  add_properties(section, indent, out);
  dla_strbuf_printf(out, "%*s}", indent - 2, "");
}

void dla_config_json_schema(dla_strbuf *out)
{
  dla_strbuf_printf(out, "{\n"
                         "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
                         "  \"title\": \"dla-train configuration\",\n"
                         "  \"type\": [\"object\", \"null\"],\n");
  add_properties(dla_sections, 2, out);
  dla_strbuf_printf(out, "}\n");
}
