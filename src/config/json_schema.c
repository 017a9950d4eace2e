#include "base/number.h"
#include "config/config.h"
#include "config/schema.h"

static void add_default(const dla_key *key, dla_strbuf *out)
{
  bool text = key->type == DLA_KEY_STRING || key->type == DLA_KEY_CHOICE;
  dla_strbuf_printf(out, ", \"default\": ");
  if (text)
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
    dla_strbuf_json_string(out, *choice);
  }
  dla_strbuf_printf(out, "]");
}

static void add_key(const dla_key *key, dla_strbuf *out)
{
  static const char *const types[] = {[DLA_KEY_STRING] = "string",
                                      [DLA_KEY_INTEGER] = "integer",
                                      [DLA_KEY_NUMBER] = "number",
                                      [DLA_KEY_BOOLEAN] = "boolean",
                                      [DLA_KEY_CHOICE] = "string"};
  dla_strbuf_printf(out, "        \"%s\": {\"type\": \"%s\"", key->name, types[key->type]);
  if (key->choices)
    add_choices(key, out);
  else if (key->type == DLA_KEY_STRING)
    dla_strbuf_printf(out, ", \"maxLength\": %d", DLA_STRING_MAX);
  else if (key->type != DLA_KEY_BOOLEAN)
    add_range(&key->range, out);
  add_default(key, out);
  dla_strbuf_printf(out, ", \"description\": ");
  dla_strbuf_json_string(out, key->doc);
  dla_strbuf_printf(out, "}");
}

static void add_section(const dla_section *section, dla_strbuf *out)
{
  /* null: a section whose keys are all commented out */
  dla_strbuf_printf(out, "    \"%s\": {\n      \"type\": [\"object\", \"null\"],\n", section->name);
  dla_strbuf_printf(out, "      \"description\": ");
  dla_strbuf_json_string(out, section->doc);
  dla_strbuf_printf(out, ",\n      \"additionalProperties\": false,\n      \"properties\": {\n");
  for (const dla_key *key = NULL, *next; (next = dla_key_next(section, key)); key = next) {
    if (key) dla_strbuf_printf(out, ",\n");
    add_key(next, out);
  }
  dla_strbuf_printf(out, "\n      }\n    }");
}

void dla_config_json_schema(dla_strbuf *out)
{
  dla_strbuf_printf(out, "{\n"
                         "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
                         "  \"title\": \"dla-train configuration\",\n"
                         "  \"type\": [\"object\", \"null\"],\n"
                         "  \"additionalProperties\": false,\n"
                         "  \"properties\": {\n");
  for (size_t i = 0; i < DLA_SECTION_COUNT; i++) {
    if (i) dla_strbuf_printf(out, ",\n");
    add_section(&dla_sections[i], out);
  }
  dla_strbuf_printf(out, "\n  }\n}\n");
}
