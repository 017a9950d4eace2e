#include "data/pictures/csv_fields.h"

#include <string.h>

static bool is_separator(const dla_csv_text *t, char at)
{
  return at == t->separator || (t->separator == ' ' && at == '\t');
}

/* The first of these that the first line has. Blanks separate only where the line has nothing
 * else. */
static char separator_of(const char *text)
{
  static const char separators[] = ",;\t|";
  const size_t length = strcspn(text, "\n");
  for (const char *s = separators; *s; s++)
    if (memchr(text, *s, length)) return *s;
  return memchr(text, ' ', length) ? ' ' : ',';
}

void dla_csv_begin(dla_csv_text *text, char *bytes)
{
  *text = (dla_csv_text){.at = bytes, .line = 1};
  if (strncmp(text->at, "\xef\xbb\xbf", 3) == 0) text->at += 3;
  if (!strchr(text->at, '\n')) /* lines of the old Macintosh */
    for (char *c = text->at; (c = strchr(c, '\r'));)
      *c = '\n';
  for (; *text->at == '#' && strchr(text->at, '\n'); text->line++)
    text->at = strchr(text->at, '\n') + 1;
  text->separator = separator_of(text->at);
}

/* Parses a field in place. Sets the character that ended it: the separator, '\n' or 0. NULL: an
 * unterminated quote. */
static char *take_field(dla_csv_text *t, char *end)
{
  char *in = t->at, *out = in, *field = in;
  if (*in == '"') {
    for (in++; *in && !(in[0] == '"' && in[1] != '"'); in++) {
      if (*in == '"') in++;
      *out++ = *in;
    }
    if (!*in) return NULL;
    in++;
  }
  while (*in && !is_separator(t, *in) && *in != '\n')
    *out++ = *in++;
  if (t->separator == ' ')
    while (is_separator(t, *in) && (is_separator(t, in[1]) || (in[1] && strchr("\r\n", in[1]))))
      in++;
  if (t->separator == ' ' && *in == ' ' && !in[1]) in++; /* at the end of the text */
  *end = is_separator(t, *in) ? t->separator : *in;
  t->at = in + (*in != '\0');
  if (*end != t->separator && out > field && out[-1] == '\r') out--;
  *out = '\0';
  return field;
}

bool dla_csv_line(dla_csv_text *text, char **fields, int most, int *count)
{
  char end = text->separator;
  for (*count = 0; end == text->separator; ++*count) {
    char *field = take_field(text, &end);
    if (!field) return false;
    if (*count < most) fields[*count] = field;
  }
  text->line++;
  return true;
}
