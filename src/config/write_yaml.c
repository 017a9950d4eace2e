#include "config/config.h"
#include "config/schema.h"
#include "config/value.h"

enum { INDENT = 2 };

static void write_keys(const dla_config *config, const dla_section *section, dla_strbuf *out)
{
  int indent = INDENT * dla_section_depth(section);
  for (const dla_key *key = NULL; (key = dla_key_next(section, key));) {
    dla_strbuf_printf(out, "%*s%s: ", indent, "", key->name);
    dla_value_write(config, key, out);
    dla_strbuf_append(out, "\n", 1);
  }
}

static void write_sections(const dla_config *config, const dla_section *around, dla_strbuf *out)
{
  int indent = INDENT * dla_section_depth(around);
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    const char *name = dla_section_name_in(around, s);
    if (!name) continue;
    dla_strbuf_printf(out, "%*s%s:\n", indent, "", name);
    write_keys(config, s, out);
    write_sections(config, s, out);
  }
}

void dla_config_to_yaml(const dla_config *config, dla_strbuf *out)
{
  write_sections(config, dla_sections, out);
  write_keys(config, dla_sections, out);
}
