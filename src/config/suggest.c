#include "config/suggest.h"

#include <string.h>

#include "base/closest.h"

/* A key that stands in another section: "lr" alone, or "train.lr". */
static const dla_key *same_name(const char *name)
{
  for (size_t i = 0; i < DLA_KEY_COUNT; i++)
    if (strcmp(dla_keys[i].name, name) == 0) return &dla_keys[i];
  return NULL;
}

static void list_sections(dla_strbuf *hint)
{
  for (size_t i = 0; i < DLA_SECTION_COUNT; i++)
    dla_strbuf_printf(hint, "%s%s", i ? ", " : "the sections are ", dla_sections[i].name);
}

static void list_keys(const dla_section *section, dla_strbuf *hint)
{
  for (const dla_key *key = NULL, *next; (next = dla_key_next(section, key)); key = next)
    dla_strbuf_printf(hint, "%s%s", key ? ", " : "its keys are ", next->name);
}

static dla_status fail_with(dla_strbuf *hint, dla_error *err, const char *where, const char *kind,
                            const char *section, const char *name)
{
  dla_status status = dla_fail(err, DLA_E_INPUT, where, dla_strbuf_text(hint),
                               "unknown %s '%s%s%.80s'", kind, section, *section ? "." : "", name);
  dla_strbuf_free(hint);
  return status;
}

dla_status dla_unknown_section(const char *name, const char *where, dla_error *err)
{
  dla_strbuf hint = {0};
  const dla_key *key = same_name(name);
  dla_closest closest = dla_closest_to(name);
  for (size_t i = 0; i < DLA_SECTION_COUNT; i++)
    dla_closest_offer(&closest, dla_sections[i].name);
  if (key)
    dla_strbuf_printf(&hint, "did you mean %s.%s?", key->section, key->name);
  else if (closest.best)
    dla_strbuf_printf(&hint, "did you mean '%s'?", closest.best);
  else
    list_sections(&hint);
  return fail_with(&hint, err, where, "section", "", name);
}

dla_status dla_unknown_key(const dla_section *section, const char *name, const char *where,
                           dla_error *err)
{
  dla_strbuf hint = {0};
  dla_closest closest = dla_closest_to(name);
  for (const dla_key *key = NULL; (key = dla_key_next(section, key));)
    dla_closest_offer(&closest, key->name);
  const dla_key *elsewhere = same_name(name);
  if (elsewhere)
    dla_strbuf_printf(&hint, "did you mean %s.%s?", elsewhere->section, elsewhere->name);
  else if (closest.best)
    dla_strbuf_printf(&hint, "did you mean '%s'?", closest.best);
  else
    list_keys(section, &hint);
  return fail_with(&hint, err, where, "key", section->name, name);
}
