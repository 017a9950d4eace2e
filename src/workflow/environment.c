#include "workflow/environment.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/read_file.h"
#include "base/strbuf.h"

extern char **environ;

static size_t key_length(const char *text)
{
  return strcspn(text, "=");
}

static size_t find(const dla_environment *e, const char *key, size_t length)
{
  size_t i = 0;
  while (i < e->count && (key_length(e->items[i]) != length || strncmp(e->items[i], key, length)))
    i++;
  return i;
}

static bool reserve(dla_environment *e)
{
  size_t own_capacity = e->capacity; /* both arrays have the same size */
  return DLA_ARRAY_RESERVE(e->own, own_capacity, e->count, 2) &&
         DLA_ARRAY_RESERVE(e->items, e->capacity, e->count, 2);
}

/* text is "KEY=value". */
static void take(dla_environment *e, const char *text, bool own)
{
  char *copy = e->failed ? NULL : strdup(text);
  if (!copy || !reserve(e)) {
    free(copy);
    e->failed = true;
    return;
  }
  size_t i = find(e, text, key_length(text));
  if (i < e->count)
    free(e->items[i]);
  else
    e->items[++e->count] = NULL;
  e->items[i] = copy;
  e->own[i] = own;
}

void dla_environment_inherit(dla_environment *e)
{
  for (char **text = environ; text && *text; text++)
    if (strchr(*text, '=')) take(e, *text, false);
}

void dla_environment_set(dla_environment *e, const char *key, const char *value)
{
  dla_strbuf text = {0};
  dla_strbuf_printf(&text, "%s=%s", key, value);
  if (text.failed)
    e->failed = true;
  else
    take(e, text.text, true);
  dla_strbuf_free(&text);
}

void dla_environment_set_all(dla_environment *e, const dla_workflow_variables *variables)
{
  for (size_t i = 0; i < variables->count; i++)
    dla_environment_set(e, variables->items[i].key, variables->items[i].value);
}

static bool is_assignment(const char *line)
{
  size_t length = key_length(line);
  if (!length || !line[length] || isdigit((unsigned char)line[0])) return false;
  for (size_t i = 0; i < length; i++)
    if (!isalnum((unsigned char)line[i]) && line[i] != '_') return false;
  return true;
}

dla_status dla_environment_set_file(dla_environment *e, const char *path, dla_error *err)
{
  enum { MOST = 1 << 20 };
  char *text, *next;
  size_t length;
  if (access(path, F_OK)) return DLA_OK;
  dla_status status = dla_read_file(path, MOST, &text, &length, err);
  if (status) return status;
  for (char *line = text; line; line = next) {
    next = strchr(line, '\n');
    if (next) *next++ = '\0';
    if (is_assignment(line)) take(e, line, true);
  }
  free(text);
  return DLA_OK;
}

const char *dla_environment_get(const dla_environment *e, const char *key)
{
  size_t i = find(e, key, strlen(key));
  return i < e->count ? e->items[i] + strlen(key) + 1 : NULL;
}

void dla_environment_free(dla_environment *e)
{
  dla_free_texts(e->items, e->count);
  free(e->own);
  *e = (dla_environment){0};
}
