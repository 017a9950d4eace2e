#include "config/config.h"
#include "config/schema.h"
#include "config/value.h"

void dla_config_to_yaml(const dla_config *config, dla_strbuf *out)
{
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    dla_strbuf_printf(out, "%s:\n", s->name);
    for (const dla_key *key = NULL; (key = dla_key_next(s, key));) {
      dla_strbuf_printf(out, "  %s: ", key->name);
      dla_value_write(config, key, out);
      dla_strbuf_append(out, "\n", 1);
    }
  }
}
