#include "config/suggest.h"

#include <stdio.h>
#include <string.h>

#include "base/closest.h"

/* Finds a key of that name in any section: for "lr" alone, or "train.lr". */
static const dla_key *same_name(const char *name)
{
  for (size_t i = 0; i < DLA_KEY_COUNT; i++)
    if (strcmp(dla_keys[i].name, name) == 0) return &dla_keys[i];
  return NULL;
}

const dla_key *dla_key_as_option(const char *option)
{
  char name[64];
  snprintf(name, sizeof name, "%s", option);
  for (char *dash; (dash = strchr(name, '-'));)
    *dash = '_';
  const dla_key *key = same_name(name);
  char *dot = strrchr(name, '.');
  if (key || !dot) return key;
  *dot = '\0';
  return dla_key_find(name, dot + 1);
}

static void list_sections(dla_strbuf *hint)
{
  for (size_t i = 1; i < DLA_SECTION_COUNT; i++)
    if (dla_section_name_in(dla_sections, &dla_sections[i]))
      dla_strbuf_printf(hint, "%s%s", hint->length ? ", " : "the sections are ",
                        dla_sections[i].name);
}

static void list_keys(const dla_section *section, dla_strbuf *hint)
{
  for (const dla_key *key = NULL, *next; (next = dla_key_next(section, key)); key = next)
    dla_strbuf_printf(hint, "%s%s", key ? ", " : "its keys are ", next->name);
}

static dla_status fail_unknown(const dla_section *section, const dla_closest *closest,
                               const char *where, dla_error *err)
{
  const char *name = closest->word;
  const dla_key *elsewhere = same_name(name);
  dla_strbuf names = {0};
  char hint[256];
  if (section)
    list_keys(section, &names);
  else
    list_sections(&names);
  if (elsewhere)
    snprintf(hint, sizeof hint, "did you mean %s%s%s?", elsewhere->section,
             dla_section_dot(elsewhere->section), elsewhere->name);
  else
    dla_closest_hint(closest, "", dla_strbuf_text(&names), hint, sizeof hint);
  dla_strbuf_free(&names);
  return dla_fail(err, DLA_E_INPUT, where, hint, "unknown %s '%s%s%.80s'",
                  section ? "key" : "section", section ? section->name : "", section ? "." : "",
                  name);
}

dla_status dla_unknown_section(const char *name, const char *where, dla_error *err)
{
  dla_closest closest = dla_closest_to(name);
  for (size_t i = 1; i < DLA_SECTION_COUNT; i++)
    dla_closest_offer(&closest, dla_sections[i].name);
  for (const dla_key *key = NULL; (key = dla_key_next(dla_sections, key));)
    dla_closest_offer(&closest, key->name);
  return fail_unknown(NULL, &closest, where, err);
}

dla_status dla_unknown_key(const dla_section *section, const char *name, const char *where,
                           dla_error *err)
{
  dla_closest closest = dla_closest_to(name);
  for (const dla_key *key = NULL; (key = dla_key_next(section, key));)
    dla_closest_offer(&closest, key->name);
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++)
    if (dla_section_name_in(section, s))
      dla_closest_offer(&closest, dla_section_name_in(section, s));
  return fail_unknown(section, &closest, where, err);
}

dla_status dla_key_named(const char *name, const char *where, const dla_key **key, dla_error *err)
{
  char section_name[64];
  const char *dot = strrchr(name, '.'), *last = dot ? dot + 1 : name;
  snprintf(section_name, sizeof section_name, "%.*s", dot ? (int)(dot - name) : 0, name);
  const dla_section *section = dla_section_find(section_name);
  *key = dla_key_find(section_name, last);
  if (*key) return DLA_OK;
  if (!section || section == dla_sections)
    return dla_unknown_section(dot ? section_name : name, where, err);
  return dla_unknown_key(section, last, where, err);
}
