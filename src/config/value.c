#include "config/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/closest.h"
#include "base/number.h"
#include "base/utf8.h"
#include "config/expand.h"
#include "config/habits.h"
#include "config/list.h"
#include "config/redact.h"

typedef struct value_kind {
  dla_status (*read)(void *field, const dla_key *key, const dla_written *written, dla_error *err);
  void (*write)(const void *field, const dla_key *key, dla_strbuf *out);
  size_t size; /* of the field */
} value_kind;

static dla_status refuse(const dla_key *key, const dla_written *written, const char *hint,
                         dla_error *err)
{
  char found[80];
  snprintf(found, sizeof found, "'%.70s'", key->secrecy ? DLA_REDACTED : written->text);
  if (written->style == DLA_STYLE_PLAIN && !*written->text) snprintf(found, sizeof found, "empty");
  if (written->style == DLA_STYLE_QUOTED && key->type != DLA_KEY_STRING)
    hint = "without the quotes";
  return dla_value_refuse(key, written->where, hint, found, err);
}

static const char *const true_words[] = {"true", "True", "TRUE", NULL}; /* YAML 1.2, core schema */
static const char *const false_words[] = {"false", "False", "FALSE", NULL};
static const char *const null_words[] = {"", "~", "null", "Null", "NULL", NULL};

static dla_status read_integer(void *field, const dla_key *key, const dla_written *written,
                               dla_error *err)
{
  int64_t value;
  double number;
  if (written->style == DLA_STYLE_QUOTED || !dla_integer_read(written->text, &value)) {
    bool notation = dla_number_read(written->text, &number) && dla_range_holds(&key->range, number);
    return refuse(key, written, notation ? "digits only, without 0 in front" : NULL, err);
  }
  if (!dla_range_holds(&key->range, (double)value)) return refuse(key, written, NULL, err);
  memcpy(field, &value, sizeof value);
  return DLA_OK;
}

static dla_status read_number(void *field, const dla_key *key, const dla_written *written,
                              dla_error *err)
{
  double value;
  if (written->style == DLA_STYLE_QUOTED || !dla_number_read(written->text, &value) ||
      !dla_range_holds(&key->range, value))
    return refuse(key, written, NULL, err);
  memcpy(field, &value, sizeof value);
  return DLA_OK;
}

static const char *boolean_hint(const char *text)
{
  static const char *const yes[] = {"yes", "Yes", "YES", "on", "On", "ON", "y", "Y", "1", NULL};
  static const char *const no[] = {"no", "No", "NO", "off", "Off", "OFF", "n", "N", "0", NULL};
  return dla_is_one_of(text, yes) ? "write true" : dla_is_one_of(text, no) ? "write false" : NULL;
}

static dla_status read_boolean(void *field, const dla_key *key, const dla_written *written,
                               dla_error *err)
{
  bool value = dla_is_one_of(written->text, true_words);
  if (written->style == DLA_STYLE_QUOTED || (!value && !dla_is_one_of(written->text, false_words)))
    return refuse(key, written, boolean_hint(written->text), err);
  memcpy(field, &value, sizeof value);
  return DLA_OK;
}

/* The index of text among the key's choices, or -1. */
static int find_choice(const dla_key *key, const char *text)
{
  for (int i = 0; key->choices[i]; i++)
    if (strcmp(key->choices[i], text) == 0) return i;
  return -1;
}

static dla_status refuse_choice(const dla_key *key, const dla_written *written, dla_error *err)
{
  char hint[80];
  if (key->boolean_too && (boolean_hint(written->text) || find_choice(key, written->text) >= 0))
    return refuse(key, written, boolean_hint(written->text), err);
  dla_closest closest = dla_closest_to(written->text);
  for (const char *const *choice = key->choices; *choice; choice++)
    dla_closest_offer(&closest, *choice);
  const char *meant = dla_habit_choice(key, written->text);
  if (meant) closest.best = meant;
  dla_closest_hint(&closest, "", "", hint, sizeof hint);
  dla_written unquoted = *written; /* a choice may be quoted: the quotes are not the mistake */
  if (written->style == DLA_STYLE_QUOTED) unquoted.style = DLA_STYLE_OVERRIDE;
  return refuse(key, &unquoted, hint, err);
}

static dla_status read_choice(void *field, const dla_key *key, const dla_written *written,
                              dla_error *err)
{
  _Static_assert(sizeof(dla_normalize) == sizeof(int), "enums of dla_config are stored as int");
  int value = find_choice(key, written->text);
  bool yes = dla_is_one_of(written->text, true_words),
       no = dla_is_one_of(written->text, false_words);
  if (key->boolean_too && (yes || no)) value = written->style == DLA_STYLE_QUOTED ? -1 : yes;
  if (value < 0) return refuse_choice(key, written, err);
  memcpy(field, &value, sizeof value);
  return DLA_OK;
}

static char **string_field(const dla_config *config, const dla_key *key)
{
  return (char **)((char *)config + key->offset);
}

static dla_status check_string(const char *text, dla_error *err)
{
  if (strlen(text) > DLA_STRING_MAX)
    return dla_fail(err, DLA_E_INPUT, NULL, NULL, "is longer than %d bytes", DLA_STRING_MAX);
  if (!dla_utf8_valid(text))
    return dla_fail(err, DLA_E_INPUT, NULL, "checkpoints and logs carry it as text",
                    "is not valid UTF-8");
  return DLA_OK;
}

/* Replaces the field; a secret's old text and the copies of the new one are wiped. */
static dla_status expand_string(dla_config *config, const dla_key *key, const char *text,
                                dla_error *err)
{
  const bool secret = key->secrecy != DLA_PUBLIC;
  char **field = string_field(config, key);
  dla_strbuf expanded = {.secret = secret};
  bool later = false;
  dla_status status = config->variables_later ? dla_expand_check(text, &later, err) : DLA_OK;
  if (later) {
    config->holds_variables = true;
    dla_strbuf_printf(&expanded, "%s", text);
  } else if (!status) {
    status = dla_expand(text, config->folders, &expanded, err);
  }
  if (!status) status = check_string(dla_strbuf_text(&expanded), err);
  char *copy = status ? NULL : strdup(dla_strbuf_text(&expanded));
  if (!status && (expanded.failed || !copy)) status = dla_fail_memory(err, "a string");
  dla_strbuf_free(&expanded);
  if (status) {
    free(copy);
    return status;
  }
  if (secret && *field) explicit_bzero(*field, strlen(*field));
  free(*field);
  *field = copy;
  return DLA_OK;
}

/* Whether a YAML reader would take this plain text for another type than the key's. */
static bool resolves_otherwise(const dla_key *key, const char *text)
{
  double number;
  return dla_is_one_of(text, true_words) || dla_is_one_of(text, false_words) ||
         dla_is_one_of(text, null_words) || (!key->number_too && dla_number_read(text, &number));
}

static dla_status fail_in(const dla_key *key, const dla_written *written, const dla_error *why,
                          dla_error *err)
{
  return dla_fail(err, why->status, written->where, why->hint, "%s%s%s: %s", key->section,
                  dla_section_dot(key->section), key->name, why->what);
}

static dla_status read_string(dla_config *config, const dla_key *key, const dla_written *written,
                              dla_error *err)
{
  dla_config_folders *folders = config->folders;
  if (written->style == DLA_STYLE_PLAIN && resolves_otherwise(key, written->text))
    return refuse(key, written, "put it in quotes", err);
  if (key->choices && find_choice(key, written->text) < 0) return refuse_choice(key, written, err);
  dla_error inner = {0};
  bool used = folders && folders->unset.status;
  dla_status status = expand_string(config, key, written->text, &inner);
  if (folders && folders->unset.status && !used) {
    dla_error unset = folders->unset;
    fail_in(key, written, &unset, &folders->unset);
  }
  return status ? fail_in(key, written, &inner, err) : DLA_OK;
}

static void write_string(const dla_config *config, const dla_key *key, dla_strbuf *out)
{
  const char *text = *string_field(config, key);
  if (key->choices) {
    dla_strbuf_printf(out, "%s", text);
    return;
  }
  dla_strbuf shown = {0}, escaped = {0};
  dla_redact(key->secrecy, text, &shown);
  dla_expand_escape_path(dla_strbuf_text(&shown), config->folders, &escaped);
  dla_strbuf_json_string(out, dla_strbuf_text(&escaped));
  out->failed |= dla_strbuf_done(&shown);
  out->failed |= dla_strbuf_done(&escaped);
}

static dla_status read_list(dla_config *config, const dla_key *key, const dla_written *written,
                            dla_error *err)
{
  dla_strbuf json = {0};
  dla_status status = dla_list_read(key, written, &json, err);
  if (!status)
    status = dla_text_set(string_field(config, key), dla_strbuf_text(&json), "a list", err);
  dla_strbuf_free(&json);
  return status;
}

static void write_list(const dla_config *config, const dla_key *key, dla_strbuf *out)
{
  const char *json = *string_field(config, key);
  dla_strbuf_printf(out, "%s", *json ? json : "[]");
}

static dla_status read_mode(void *field, const dla_key *key, const dla_written *written,
                            dla_error *err)
{
  enum { SHORTEST = 3, LONGEST = 4, OCTAL = 8 };
  const char *text = written->text;
  size_t length = strlen(text);
  int64_t mode = length ? strtol(text, NULL, OCTAL) : -1;
  if (strspn(text, "01234567") < length || (length && (length < SHORTEST || length > LONGEST)))
    return refuse(key, written, "for example 755", err);
  memcpy(field, &mode, sizeof mode);
  return DLA_OK;
}

static void write_mode(const void *field, const dla_key *key, dla_strbuf *out)
{
  (void)key;
  int64_t value;
  memcpy(&value, field, sizeof value);
  if (value < 0)
    dla_strbuf_printf(out, "\"\"");
  else
    dla_strbuf_printf(out, "\"%04llo\"", (unsigned long long)value);
}

static void write_integer(const void *field, const dla_key *key, dla_strbuf *out)
{
  (void)key;
  int64_t value;
  memcpy(&value, field, sizeof value);
  dla_strbuf_printf(out, "%lld", (long long)value);
}

static void write_number(const void *field, const dla_key *key, dla_strbuf *out)
{
  (void)key;
  double value;
  memcpy(&value, field, sizeof value);
  dla_number_write(value, out);
}

static void write_boolean(const void *field, const dla_key *key, dla_strbuf *out)
{
  (void)key;
  bool value;
  memcpy(&value, field, sizeof value);
  dla_strbuf_printf(out, "%s", value ? "true" : "false");
}

static void write_choice(const void *field, const dla_key *key, dla_strbuf *out)
{
  int value;
  memcpy(&value, field, sizeof value);
  /* YAML 1.1 reads a bare off as false. */
  const char *quote = strcmp(key->choices[value], "off") == 0 ? "\"" : "";
  dla_strbuf_printf(out, "%s%s%s", quote, key->choices[value], quote);
}

/* Strings and lists are handled apart: they own text, and the folders decide how a string is read
 * and written. */
static const value_kind kinds[] = {
    [DLA_KEY_INTEGER] = {read_integer, write_integer, sizeof(int64_t)},
    [DLA_KEY_NUMBER] = {read_number, write_number, sizeof(double)},
    [DLA_KEY_BOOLEAN] = {read_boolean, write_boolean, sizeof(bool)},
    [DLA_KEY_CHOICE] = {read_choice, write_choice, sizeof(int)},
    [DLA_KEY_MODE] = {read_mode, write_mode, sizeof(int64_t)},
};

dla_status dla_value_read(dla_config *config, const dla_key *key, const dla_written *written,
                          dla_error *err)
{
  if (key->type == DLA_KEY_STRING) return read_string(config, key, written, err);
  if (key->type == DLA_KEY_LIST) return read_list(config, key, written, err);
  return kinds[key->type].read((char *)config + key->offset, key, written, err);
}

void dla_value_write(const dla_config *config, const dla_key *key, dla_strbuf *out)
{
  if (key->type == DLA_KEY_STRING)
    write_string(config, key, out);
  else if (key->type == DLA_KEY_LIST)
    write_list(config, key, out);
  else
    kinds[key->type].write((const char *)config + key->offset, key, out);
}

dla_status dla_value_copy(const dla_config *from, dla_config *to, const dla_key *key,
                          dla_error *err)
{
  if (dla_key_owns_text(key))
    return dla_text_set(string_field(to, key), *string_field(from, key), "a string", err);
  memcpy((char *)to + key->offset, (const char *)from + key->offset, kinds[key->type].size);
  return DLA_OK;
}
