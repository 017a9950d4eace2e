/* The table of keys as a man page: dla-train-config(5). */
#include <config.h>

#include "base/roff.h"
#include "config/config.h"
#include "config/schema.h"

static void write_key(const dla_section *s, const dla_key *key, dla_strbuf *out)
{
  dla_strbuf name = {0}, text = {0};
  dla_strbuf_printf(&name, "%s%s%s", s->name, dla_section_dot(s->name), key->name);
  dla_strbuf_printf(&text, "%s (", key->doc);
  dla_key_allowed(key, &text);
  if (*key->fallback)
    dla_strbuf_printf(&text, "; default `%s`)", key->fallback);
  else
    dla_strbuf_printf(&text, "; not set by default)");
  dla_roff_item(out, dla_strbuf_text(&name), NULL, dla_strbuf_text(&text));
  out->failed |= dla_strbuf_done(&name);
  out->failed |= dla_strbuf_done(&text);
}

void dla_config_man(dla_strbuf *out)
{
  dla_strbuf_printf(out,
                    ".TH DLA-TRAIN-CONFIG 5 " DLA_RELEASE_DATE " \"" PACKAGE_STRING
                    "\" \"File Formats\"\n.SH NAME\n"
                    "dla\\-train\\-config \\- configuration of dla\\-train\n.SH DESCRIPTION\n");
  dla_roff_text(
      out, "A config file is YAML: a mapping of the sections below, each a mapping of its keys. A "
           "section with a dot in its name lies in another. Every key has a default, so an empty "
           "file is a config, too. On the command line `section.key=value` overrides the file; of "
           "two, the later one counts.");
  dla_strbuf_printf(out, ".PP\n");
  dla_roff_text(
      out,
      "Whole numbers are written in digits, other numbers are decimal. Booleans are `true` and "
      "`false`. In strings `$NAME` and `${NAME}` stand for environment variables, which must be "
      "set; `$$` is a dollar sign. A list is written as YAML has it. Unknown or repeated keys, "
      "anchors, aliases, tags and further documents are errors.");
  dla_strbuf_printf(out, ".PP\n");
  dla_roff_text(
      out, "`dla-train config FILE` prints what a file comes to, without its secrets; `dla-train "
           "--config-schema` a JSON Schema for editors; `dla-train new` writes a first file.");
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++) {
    dla_roff_request(out, "SH", *s->name ? s->name : "BESIDE THE SECTIONS");
    if (*s->name) {
      dla_strbuf doc = {0};
      dla_strbuf_printf(&doc, "%s.", s->doc);
      dla_roff_text(out, dla_strbuf_text(&doc));
      out->failed |= dla_strbuf_done(&doc);
    }
    for (const dla_key *key = NULL; (key = dla_key_next(s, key));)
      write_key(s, key, out);
  }
  dla_strbuf_printf(out, ".SH SEE ALSO\n\\fBdla\\-train\\fR(1)\n");
}
