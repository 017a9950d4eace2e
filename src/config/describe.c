/* The table of keys for people: plain text and Markdown. */
#include "config/config.h"
#include "config/schema.h"

static const char *shown_default(const dla_key *key)
{
  return *key->fallback ? key->fallback : key->type == DLA_KEY_LIST ? "[]" : "\"\"";
}

void dla_config_help(dla_strbuf *out)
{
  dla_strbuf_printf(out, "Keys of the config file, and of overrides section.key=value, with their "
                         "defaults.\n");
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    dla_strbuf_printf(out, "\n%s%s%s\n", s->name, *s->name ? ": " : "", s->doc);
    for (const dla_key *key = NULL; (key = dla_key_next(s, key));) {
      dla_strbuf_printf(out, "  %s%s%s=%s\n      %s\n      (", s->name, dla_section_dot(s->name),
                        key->name, shown_default(key), key->doc);
      dla_key_allowed(key, out);
      dla_strbuf_printf(out, ")\n");
    }
  }
}

static const char markdown_head[] =
    "# Configuration\n"
    "\n"
    "<!-- Written by `make update-docs` from src/config/schema.c; do not edit. -->\n"
    "\n"
    "A config file is YAML: a mapping of the sections below, each a mapping of its keys. A "
    "section\n"
    "with a dot in its name lies in another: `input: {s3: {region: ...}}`. Every key has a "
    "default,\n"
    "so an empty file is a config, too. `dla-train config config.yaml` prints what a file comes "
    "to,\n"
    "without its secrets, `dla-train --help-config` this table, `dla-train --config-schema` a "
    "JSON\n"
    "Schema for editors.\n"
    "\n"
    "- On the command line `section.key=value` (`input.s3.region=...`) overrides the file; of "
    "two,\n"
    "  the later one counts.\n"
    "- Whole numbers are written in digits: neither `1e3` nor `128.0` nor `010`. Other numbers\n"
    "  are decimal; there is no infinity and no NaN. Booleans are `true` and `false`.\n"
    "- In strings `$NAME` and `${NAME}` stand for environment variables, which must be set; `$$` "
    "is\n"
    "  a dollar sign. A string is at most 4095 bytes of UTF-8.\n"
    "- A list is written as YAML has it, `[base, fc]`, also on the command line; a list of one "
    "may\n"
    "  stand without the brackets.\n"
    "- Keys and passwords: see [staging.md](staging.md#secrets).\n"
    "- Unknown or repeated keys, anchors, aliases, tags and further documents are errors.\n";

void dla_config_markdown(dla_strbuf *out)
{
  dla_strbuf_printf(out, "%s", markdown_head);
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    dla_strbuf_printf(out, "\n## %s%s%s%s\n", s->name, *s->name ? "\n\n" : "", s->doc,
                      *s->name ? "." : "");
    dla_strbuf_printf(out, "\n| key | default | a value is | what it means |\n"
                           "|---|---|---|---|\n");
    for (const dla_key *key = NULL; (key = dla_key_next(s, key));) {
      dla_strbuf_printf(out, "| `%s` | `%s` | ", key->name, shown_default(key));
      dla_key_allowed(key, out);
      dla_strbuf_printf(out, " | %s |\n", key->doc);
    }
  }
}
