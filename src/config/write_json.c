#include <string.h>

#include "base/json.h"
#include "config/config.h"
#include "config/schema.h"
#include "config/value.h"

/* For most keys, the value in YAML is valid JSON: numbers, booleans, strings in double quotes,
 * lists. Only a choice is a bare word in YAML. */
static bool is_word(const dla_key *key, const char *yaml)
{
  const bool boolean = !strcmp(yaml, "true") || !strcmp(yaml, "false");
  return (key->choices && !(key->boolean_too && boolean));
}

static void write_key(const dla_config *config, const dla_key *key, dla_json *json)
{
  dla_strbuf value = {0};
  dla_value_write(config, key, &value);
  const char *text = dla_strbuf_text(&value);
  if (is_word(key, text))
    dla_json_text(json, key->name, text);
  else
    dla_json_raw(json, key->name, text);
  json->out->failed |= dla_strbuf_done(&value);
}

static void write_section(const dla_config *config, const dla_section *section, dla_json *json)
{
  for (const dla_key *key = NULL; (key = dla_key_next(section, key));)
    write_key(config, key, json);
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    const char *name = dla_section_name_in(section, s);
    if (!name) continue;
    dla_json_begin_object(json, name);
    write_section(config, s, json);
    dla_json_end_object(json);
  }
}

void dla_config_to_json(const dla_config *config, dla_strbuf *out)
{
  dla_json json = dla_json_begin(out);
  write_section(config, dla_sections, &json);
  dla_json_end_line(&json);
}
