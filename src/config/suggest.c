#include "config/suggest.h"

#include <stdio.h>
#include <string.h>

#include "base/closest.h"
#include "config/habits.h"

enum { ELSEWHERE = 4 }; /* more keys of one name are no hint */

/* Writes the keys of that name in all sections, for "lr" alone, or "train.lr": "did you mean
 * optimizer.lr?". Returns false if there are none, or more than `most`. */
static bool hint_elsewhere(const char *name, int most, char *hint, size_t size)
{
  const dla_key *found[ELSEWHERE];
  int count = 0;
  for (size_t i = 0; i < DLA_KEY_COUNT; i++) {
    if (strcmp(dla_keys[i].name, name) != 0) continue;
    if (count == most) return false;
    found[count++] = &dla_keys[i];
  }
  size_t length = 0;
  for (int i = 0; i < count && length < size; i++)
    length += (size_t)snprintf(hint + length, size - length, "%s%s%s%s%s",
                               i == 0           ? "did you mean "
                               : i == count - 1 ? " or "
                                                : ", ",
                               found[i]->section, dla_section_dot(found[i]->section),
                               found[i]->name, i == count - 1 ? "?" : "");
  return count > 0;
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

/* An error holds a hint of 255 bytes: a longer list ends behind a whole name. */
static void list_known(const dla_section *section, char *hint, size_t size)
{
  static const char more[] = ", ... (docs/config.md)";
  dla_strbuf names = {0};
  if (section)
    list_keys(section, &names);
  else
    list_sections(&names);
  snprintf(hint, size, "%s", dla_strbuf_text(&names));
  if (names.length >= size) {
    hint[size - sizeof more] = '\0';
    char *comma = strrchr(hint, ',');
    if (comma) snprintf(comma, size - (size_t)(comma - hint), "%s", more);
  }
  dla_strbuf_free(&names);
}

/* What others call so; or such a key elsewhere; or the nearest one here; or all that are here. */
static void hint_unknown(const dla_section *section, const dla_closest *closest, char *hint,
                         size_t size)
{
  const dla_habit *habit = dla_habit_find(section ? section->name : NULL, closest->word);
  if (habit)
    dla_habit_hint(habit, hint, size);
  else if (!hint_elsewhere(closest->word, ELSEWHERE, hint, size)) {
    list_known(section, hint, size);
    if (closest->best) dla_closest_hint(closest, "", "", hint, size);
  }
}

static dla_closest closest_section(const char *name)
{
  dla_closest closest = dla_closest_to(name);
  for (size_t i = 1; i < DLA_SECTION_COUNT; i++)
    dla_closest_offer(&closest, dla_sections[i].name);
  return closest;
}

static dla_closest closest_beside(const char *name)
{
  dla_closest closest = closest_section(name);
  for (const dla_key *key = NULL; (key = dla_key_next(dla_sections, key));)
    dla_closest_offer(&closest, key->name);
  return closest;
}

dla_status dla_unknown_section(const char *name, const char *where, dla_error *err)
{
  char hint[sizeof err->hint];
  dla_closest closest = closest_beside(name);
  const char *meant = dla_habit_section(name);
  if (meant)
    snprintf(hint, sizeof hint, "did you mean '%s'?", meant);
  else
    hint_unknown(NULL, &closest, hint, sizeof hint);
  return dla_fail(err, DLA_E_INPUT, where, hint, "unknown section '%.80s'", name);
}

dla_status dla_unknown_key(const dla_section *section, const char *name, const char *where,
                           dla_error *err)
{
  char hint[sizeof err->hint];
  dla_closest closest = dla_closest_to(name);
  for (const dla_key *key = NULL; (key = dla_key_next(section, key));)
    dla_closest_offer(&closest, key->name);
  for (const dla_section *s = dla_sections; s < dla_sections + DLA_SECTION_COUNT; s++)
    if (dla_section_name_in(section, s))
      dla_closest_offer(&closest, dla_section_name_in(section, s));
  hint_unknown(section, &closest, hint, sizeof hint);
  return dla_fail(err, DLA_E_INPUT, where, hint, "unknown key '%s.%.80s'", section->name, name);
}

/* A key that is written without a section. */
static dla_status unknown_bare_key(const char *name, const char *where, dla_error *err)
{
  char hint[sizeof err->hint];
  dla_closest closest = closest_beside(name);
  hint_unknown(NULL, &closest, hint, sizeof hint);
  return dla_fail(err, DLA_E_INPUT, where, hint, "unknown key '%.80s'", name);
}

/* A key in a section that is not there: perhaps the key tells what is meant. */
static dla_status unknown_section_of(const char *name, const char *key, const char *where,
                                     dla_error *err)
{
  char hint[sizeof err->hint];
  const char *meant = dla_habit_section(name);
  dla_closest closest = closest_section(name);
  if (!meant) meant = closest.best;
  const dla_habit *habit = dla_habit_find(meant, key);
  if (meant && dla_key_find(meant, key))
    snprintf(hint, sizeof hint, "did you mean %s.%s?", meant, key);
  else if (habit)
    dla_habit_hint(habit, hint, sizeof hint);
  else if (!hint_elsewhere(key, meant ? 1 : ELSEWHERE, hint, sizeof hint))
    return dla_unknown_section(name, where, err);
  return dla_fail(err, DLA_E_INPUT, where, hint, "unknown section '%.80s'", name);
}

dla_status dla_key_named(const char *name, const char *where, const dla_key **key, dla_error *err)
{
  char section_name[64];
  const char *dot = strrchr(name, '.'), *last = dot ? dot + 1 : name;
  snprintf(section_name, sizeof section_name, "%.*s", dot ? (int)(dot - name) : 0, name);
  const dla_section *section = dla_section_find(section_name);
  *key = dla_key_find(section_name, last);
  if (*key) return DLA_OK;
  if (!dot) return unknown_bare_key(name, where, err);
  if (!section || section == dla_sections)
    return unknown_section_of(section_name, last, where, err);
  return dla_unknown_key(section, last, where, err);
}

static bool is_key(const char *name)
{
  const dla_key *key;
  return strchr(name, '.') && dla_key_named(name, NULL, &key, NULL) == DLA_OK;
}

bool dla_option_hint(const char *name, char *hint, size_t size)
{
  char word[64], meant[192];
  snprintf(word, sizeof word, "%s", name);
  for (char *at = word; *at; at++)
    if (*at == '-') *at = '_';
  const dla_habit *habit = dla_habit_find(NULL, word);
  if (is_key(word))
    snprintf(meant, sizeof meant, "did you mean %s?", word);
  else if (habit)
    dla_habit_hint(habit, meant, sizeof meant);
  else if (!hint_elsewhere(word, ELSEWHERE, meant, sizeof meant))
    return false;
  const bool question = meant[strlen(meant) - 1] == '?';
  snprintf(hint, size, "%s%s", meant,
           habit && !habit->key ? ""
           : question           ? " Keys have no dashes: section.key=value"
                                : ". Keys have no dashes: section.key=value");
  return true;
}
