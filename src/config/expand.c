#include "config/expand.h"

#include <stdlib.h>
#include <string.h>

#include "base/try.h"

enum { NAME_MAX_LENGTH = 127 };

static size_t name_length(const char *text)
{
  static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  return *text >= '0' && *text <= '9' ? 0 : strspn(text, name);
}

static const char *const folder_names[] = {"DEEPSQUARE_INPUT", "DEEPSQUARE_OUTPUT"};
enum { FOLDERS = sizeof folder_names / sizeof *folder_names };

/* Sets *path to NULL if the variable names no folder of the job. */
static dla_status find_folder(const char *variable, dla_config_folders *folders, const char **path,
                              dla_error *err)
{
  *path = NULL;
  for (size_t i = 0; folders && i < FOLDERS; i++) {
    if (strcmp(folder_names[i], variable) != 0) continue;
    TRY(folders->path[i] ? DLA_OK : folders->make(folders, err));
    *path = folders->path[i];
  }
  return DLA_OK;
}

static dla_status fail_unset(const char *variable, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, NULL, "set it, or write $$ for a dollar sign",
                  "the environment variable %s is not set", variable);
}

static dla_status append_variable(const char *name, size_t length, dla_config_folders *folders,
                                  dla_strbuf *out, dla_error *err)
{
  char variable[NAME_MAX_LENGTH + 1] = "";
  if (length > NAME_MAX_LENGTH)
    return dla_fail(err, DLA_E_INPUT, NULL, NULL, "the name after the $ is longer than %d letters",
                    NAME_MAX_LENGTH);
  memcpy(variable, name, length);
  const char *value = getenv(variable), *folder = NULL;
  if (!value || !*value) {
    TRY(find_folder(variable, folders, &folder, err));
    if (folder && !folders->unset.status) fail_unset(variable, &folders->unset);
    if (folder) value = folder;
  }
  if (!value) return fail_unset(variable, err);
  dla_strbuf_append(out, value, strlen(value));
  return DLA_OK;
}

/* *text is behind a dollar sign. Reads what follows, and moves *text behind it: the name of a
 * variable, or with *length 0 another dollar sign. */
static dla_status read_dollar(const char **text, const char **name, size_t *length, dla_error *err)
{
  const bool braces = **text == '{';
  *name = *text + braces;
  *length = name_length(*name);
  if (**text == '$') {
    *text += 1;
    return DLA_OK;
  }
  if (*length == 0 || (braces && (*name)[*length] != '}'))
    return dla_fail(err, DLA_E_INPUT, NULL, "write $$ for a dollar sign",
                    "a $ is not followed by NAME, {NAME} or $");
  *text = *name + *length + braces;
  return DLA_OK;
}

dla_status dla_expand(const char *text, dla_config_folders *folders, dla_strbuf *out,
                      dla_error *err)
{
  while (*text) {
    size_t plain = strcspn(text, "$");
    dla_strbuf_append(out, text, plain);
    text += plain;
    if (!*text) break;
    text++;
    const char *name;
    size_t length;
    TRY(read_dollar(&text, &name, &length, err));
    if (length) TRY(append_variable(name, length, folders, out, err));
    if (!length) dla_strbuf_append(out, "$", 1);
  }
  return DLA_OK;
}

dla_status dla_expand_check(const char *text, bool *names_variable, dla_error *err)
{
  *names_variable = false;
  while (*(text += strcspn(text, "$"))) {
    const char *name;
    size_t length;
    text++;
    TRY(read_dollar(&text, &name, &length, err));
    if (length) *names_variable = true;
  }
  return DLA_OK;
}

void dla_expand_leave_out(const char *text, dla_strbuf *out)
{
  while (*text) {
    const size_t plain = strcspn(text, "$");
    dla_strbuf_append(out, text, plain);
    text += plain;
    if (!*text) break;
    const char *name;
    size_t length = 0;
    text++;
    if (read_dollar(&text, &name, &length, NULL) || !length) dla_strbuf_append(out, "$", 1);
  }
}

void dla_expand_escape_path(const char *path, const dla_config_folders *folders, dla_strbuf *out)
{
  for (size_t i = 0; i < FOLDERS; i++) {
    const char *folder = getenv(folder_names[i]);
    if ((!folder || !*folder) && folders) folder = folders->path[i];
    size_t length = folder ? strlen(folder) : 0;
    if (!length || strncmp(path, folder, length) != 0 || !strchr("/", path[length])) continue;
    dla_strbuf_printf(out, "$%s", folder_names[i]);
    path += length;
    break;
  }
  dla_expand_escape(path, out);
}

void dla_expand_escape(const char *text, dla_strbuf *out)
{
  for (; *text; text++)
    dla_strbuf_append(out, *text == '$' ? "$$" : text, *text == '$' ? 2 : 1);
}
