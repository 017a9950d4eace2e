#include "config.h" /* asprintf */

#include "process/argv.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/shell_quote.h"

void dla_argv_add(dla_argv *argv, const char *format, ...)
{
  char *text = NULL;
  va_list args;
  va_start(args, format);
  if (vasprintf(&text, format, args) < 0) text = NULL;
  va_end(args);
  if (!text || !DLA_ARRAY_RESERVE(argv->items, argv->capacity, argv->count, 2)) {
    free(text);
    argv->failed = true;
    return;
  }
  argv->items[argv->count++] = text;
  argv->items[argv->count] = NULL;
}

/* Takes one word, beginning at its first character; returns the text behind it. */
static const char *take_word(const char *text, dla_strbuf *word)
{
  for (char quote = '\0'; *text && (quote || !isspace((unsigned char)*text)); text++) {
    if (*text == quote || (!quote && (*text == '"' || *text == '\''))) {
      quote = quote ? '\0' : *text;
      continue;
    }
    if (*text == '\\' && quote != '\'' && text[1] && (!quote || strchr("$`\"\\\n", text[1])))
      if (*++text == '\n') continue; /* the line continues */
    dla_strbuf_append(word, text, 1);
  }
  return text;
}

void dla_argv_split(const char *text, dla_argv *argv)
{
  for (;;) {
    while (isspace((unsigned char)*text) || (text[0] == '\\' && text[1] == '\n'))
      text += *text == '\\' ? 2 : 1;
    if (!*text) return;
    dla_strbuf word = {0};
    text = take_word(text, &word);
    dla_argv_add(argv, "%s", dla_strbuf_text(&word));
    argv->failed |= dla_strbuf_done(&word);
  }
}

void dla_argv_free(dla_argv *argv)
{
  dla_free_texts(argv->items, argv->count);
  *argv = (dla_argv){0};
}

void dla_argv_show(const dla_argv *argv, dla_strbuf *out)
{
  for (size_t i = 0; i < argv->count; i++) {
    if (i) dla_strbuf_append(out, " ", 1);
    dla_shell_quote(argv->items[i], out);
  }
}

char *dla_find_program(const char *name)
{
  const char *path = getenv("PATH");
  if (!path) path = "/usr/local/bin:/usr/bin:/bin";
  while (*path) {
    int length = (int)strcspn(path, ":");
    char *found = NULL;
    /* Only absolute folders: steps start in other folders. */
    if (path[0] == '/' && asprintf(&found, "%.*s/%s", length, path, name) >= 0) {
      if (access(found, X_OK) == 0) return found;
      free(found);
    }
    path += length;
    path += *path == ':';
  }
  return NULL;
}
