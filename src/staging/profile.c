#include "config.h" /* explicit_bzero */

#include "staging/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/read_file.h"
#include "base/strbuf.h"

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* In place. */
static char *trim(char *text)
{
  while (is_blank(*text))
    text++;
  size_t length = strlen(text);
  while (length && is_blank(text[length - 1]))
    text[--length] = '\0';
  return text;
}

/* "[profile  a b]": without the brackets, which have to be there. */
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
  char *comment = strstr(value, " #"); /* as the AWS tools have it: behind a blank */
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

typedef struct reading {
  dla_stage_settings *settings;
  char what[160]; /* "the profile NAME" */
  bool has_key;   /* it was there before, and is not mixed with another one */
  bool has_region, has_endpoint;
  dla_status status;
  dla_error err;
} reading;

static void on_pair(void *context, const char *key, const char *value)
{
  reading *r = context;
  dla_stage_settings *s = r->settings;
  const struct {
    const char *key;
    dla_secret **to;
  } secrets[] = {{"aws_access_key_id", &s->access_key},
                 {"aws_secret_access_key", &s->secret_key},
                 {"aws_session_token", &s->session_token}};
  for (size_t i = 0; i < sizeof secrets / sizeof *secrets && !r->has_key && !r->status; i++)
    if (strcasecmp(key, secrets[i].key) == 0)
      r->status = dla_stage_take_secret(s, r->what, value, secrets[i].to, &r->err);
  if (strcasecmp(key, "region") == 0 && !r->has_region && !r->status)
    r->status = dla_stage_take_text(s, r->what, value, s->region, sizeof s->region, &r->err);
  if (strcasecmp(key, "endpoint_url") == 0 && !r->has_endpoint && !r->status)
    r->status = dla_stage_take_text(s, r->what, value, s->endpoint, sizeof s->endpoint, &r->err);
}

/* The variable's path, or ~/.aws/NAME; false: there is none. */
static bool file_path(const char *variable, const char *name, dla_strbuf *path)
{
  const char *given = getenv(variable), *home = getenv("HOME");
  if (given && *given)
    dla_strbuf_printf(path, "%s", given);
  else if (home && *home)
    dla_strbuf_printf(path, "%s/.aws/%s", home, name);
  return path->text && !path->failed;
}

static bool read_section(const char *variable, const char *name, const char *section, reading *r)
{
  enum { LONGEST = 1 << 20 };
  dla_strbuf path = {0};
  char *text = NULL;
  size_t length = 0;
  bool found = false;
  if (file_path(variable, name, &path) &&
      dla_read_file(path.text, LONGEST, &text, &length, NULL) == DLA_OK) {
    found = dla_profile_parse(text, section, on_pair, r);
    explicit_bzero(text, length);
    free(text);
  }
  dla_strbuf_free(&path);
  return found;
}

dla_status dla_profile_read(dla_stage_settings *settings, const char *name, dla_error *err)
{
  const char *variable = getenv("AWS_PROFILE");
  char section[160];
  bool wanted = name || (variable && *variable);
  if (!name) name = wanted ? variable : "default";
  reading r = {.settings = settings,
               .has_key = settings->access_key || settings->secret_key,
               .has_region = settings->region[0],
               .has_endpoint = settings->endpoint[0]};
  snprintf(r.what, sizeof r.what, "the profile %.100s", name);
  bool is_default = strcmp(name, "default") == 0;
  bool found = read_section("AWS_SHARED_CREDENTIALS_FILE", "credentials", name, &r);
  r.has_key |= settings->access_key || settings->secret_key;
  snprintf(section, sizeof section, "%s%.140s", is_default ? "" : "profile ", name);
  found |= read_section("AWS_CONFIG_FILE", "config", section, &r);
  if (r.status) {
    if (err) *err = r.err;
    return r.status;
  }
  if (!found && wanted)
    snprintf(settings->missing_profile, sizeof settings->missing_profile, "%.100s", name);
  return DLA_OK;
}
