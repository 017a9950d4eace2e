#include "cli/completion.h"

#include <string.h>

void dla_completion_key(const dla_key *key, dla_strbuf *out)
{
  dla_strbuf_printf(out, "%s%s%s", key->section, dla_section_dot(key->section), key->name);
}

const char *const *dla_completion_choices(const dla_key *key)
{
  static const char *const booleans[] = {"true", "false", NULL};
  return key->type == DLA_KEY_BOOLEAN ? booleans : key->choices;
}

const char *const *dla_completion_words(const dla_verb *verb)
{
  static const char *const stage[] = {"get", "put", "sync", NULL};
  static const char *const data[] = {"pack", NULL};
  return verb == &dla_verb_stage ? stage : verb == &dla_verb_data ? data : NULL;
}

bool dla_completion_takes_keys(const dla_verb *verb)
{
  return dla_verb_takes_config(verb) || strstr(verb->arguments, "section.key=value");
}

void dla_completion_quote(const char *text, dla_strbuf *out)
{
  dla_strbuf_append(out, "'", 1);
  for (; *text; text++)
    if (*text == '\'')
      dla_strbuf_printf(out, "'\\''");
    else
      dla_strbuf_append(out, text, 1);
  dla_strbuf_append(out, "'", 1);
}
