#include "config.h" /* explicit_bzero */

#include "staging/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "base/strbuf.h"

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* Trims the text in place. */
static char *trim(char *text)
{
  while (is_blank(*text))
    text++;
  size_t length = strlen(text);
  while (length && is_blank(text[length - 1]))
    text[--length] = '\0';
  return text;
}

/* The name in a line "[profile a b]", without the brackets; NULL if the line has none. */
static char *section_name(char *line)
{
  char *end = line[0] == '[' ? strchr(line, ']') : NULL;
  if (!end) return NULL;
  *end = '\0';
  return trim(line + 1);
}

static void take_pair(char *line, dla_profile_found *found, void *context)
{
  char *equals = strchr(line, '=');
  if (!equals) return;
  *equals = '\0';
  char *value = trim(equals + 1);
  char *comment = strstr(value, " #"); /* the AWS tools begin a comment so: behind a blank */
  if (comment) *comment = '\0';
  found(context, trim(line), trim(value));
}

bool dla_profile_parse(char *text, const char *section, dla_profile_found *found, void *context)
{
  bool inside = false, seen = false;
  for (char *next, *line = text; line; line = next) {
    next = strchr(line, '\n');
    if (next) *next++ = '\0';
    bool nested = is_blank(line[0]); /* the settings of one service */
    line = trim(line);
    if (!*line || *line == '#' || *line == ';') continue;
    char *name = section_name(line);
    if (name) inside = strcmp(name, section) == 0;
    seen |= inside;
    if (inside && !name && !nested) take_pair(line, found, context);
  }
  return seen;
}

/* The path in the variable, or ~/.aws/NAME. Returns false if there is none. */
static bool file_path(const char *variable, const char *name, dla_strbuf *path)
{
  const char *given = getenv(variable), *home = getenv("HOME");
  if (given && *given)
    dla_strbuf_printf(path, "%s", given);
  else if (home && *home)
    dla_strbuf_printf(path, "%s/.aws/%s", home, name);
  return path->text && !path->failed;
}

static bool read_section(const char *variable, const char *file, const char *section,
                         dla_profile_found *found, void *context)
{
  enum { LONGEST = 1 << 20 };
  dla_strbuf path = {0};
  char *text = NULL;
  size_t length = 0;
  bool seen = false;
  if (file_path(variable, file, &path) &&
      dla_read_file(path.text, LONGEST, &text, &length, NULL) == DLA_OK) {
    seen = dla_profile_parse(text, section, found, context);
    explicit_bzero(text, length);
    free(text);
  }
  dla_strbuf_free(&path);
  return seen;
}

bool dla_profile_read(const char *name, dla_profile_found *found, void *context)
{
  char section[160];
  bool is_default = strcmp(name, "default") == 0;
  snprintf(section, sizeof section, "%s%.140s", is_default ? "" : "profile ", name);
  bool keys = read_section("AWS_SHARED_CREDENTIALS_FILE", "credentials", name, found, context);
  return read_section("AWS_CONFIG_FILE", "config", section, found, context) || keys;
}
