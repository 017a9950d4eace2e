#include "config.h" /* explicit_bzero */

#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utf8.h"

/* Grows by way of a new buffer: realloc() may leave the old one's bytes behind. */
static bool move(dla_strbuf *b, size_t more)
{
  dla_strbuf larger = {.length = b->length};
  if (b->length + more <= b->capacity) return true;
  if (!DLA_ARRAY_RESERVE(larger.text, larger.capacity, b->length, b->length + more)) return false;
  if (b->length) memcpy(larger.text, b->text, b->length);
  if (b->text) explicit_bzero(b->text, b->capacity);
  free(b->text);
  b->text = larger.text;
  b->capacity = larger.capacity;
  return true;
}

static bool reserve(dla_strbuf *b, size_t more)
{
  if (b->failed) return false;
  /* One more, for the NUL. */
  b->failed = more >= SIZE_MAX / 4 ||
              !(b->secret ? move(b, more + 1)
                          : DLA_ARRAY_RESERVE(b->text, b->capacity, b->length, more + 1));
  return !b->failed;
}

void dla_strbuf_append(dla_strbuf *b, const char *bytes, size_t count)
{
  if (!reserve(b, count)) return;
  if (count) memcpy(b->text + b->length, bytes, count);
  b->length += count;
  b->text[b->length] = '\0';
}

void dla_strbuf_printf(dla_strbuf *b, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  int count = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (count < 0 || !reserve(b, (size_t)count)) {
    b->failed = true;
    return;
  }
  va_start(args, format);
  vsnprintf(b->text + b->length, (size_t)count + 1, format, args);
  va_end(args);
  b->length += (size_t)count;
}

/* Control characters, the line breaks that YAML folds, the byte order mark, and code points that
 * are no characters: a YAML reader would not return them as they were. */
static bool needs_escape(uint32_t code)
{
  return code < 0x20 || (code >= 0x7f && code <= 0xa0) || code == 0x2028 || code == 0x2029 ||
         code == 0xfeff || code == 0xfffe || code == 0xffff;
}

void dla_strbuf_json_string(dla_strbuf *b, const char *text)
{
  enum { REPLACEMENT = 0xfffd };
  dla_strbuf_append(b, "\"", 1);
  for (size_t length; *text; text += length) {
    uint32_t code;
    length = dla_utf8_decode(text, &code);
    if (length == 0) {
      dla_strbuf_printf(b, "\\u%04x", REPLACEMENT);
      length = 1;
    } else if (code == '"' || code == '\\')
      dla_strbuf_printf(b, "\\%c", *text);
    else if (needs_escape(code))
      dla_strbuf_printf(b, "\\u%04x", (unsigned)code);
    else
      dla_strbuf_append(b, text, length);
  }
  dla_strbuf_append(b, "\"", 1);
}

const char *dla_strbuf_text(const dla_strbuf *b)
{
  return b->text ? b->text : "";
}

void dla_strbuf_free(dla_strbuf *b)
{
  if (b->secret && b->text) explicit_bzero(b->text, b->capacity);
  free(b->text);
  *b = (dla_strbuf){0};
}

bool dla_strbuf_done(dla_strbuf *b)
{
  const bool failed = b->failed;
  dla_strbuf_free(b);
  return failed;
}

dla_status dla_text_set(char **text, const char *value, const char *what, dla_error *err)
{
  char *copy = strdup(value);
  if (!copy) return dla_fail_memory(err, what);
  free(*text);
  *text = copy;
  return DLA_OK;
}

/* A spreadsheet would compute it (OWASP, "CSV Injection"). "-1" may be a class, and is a number. */
static bool is_formula(const char *text)
{
  char *end;
  if (!*text || !strchr("=+-@\t\r", *text)) return false;
  strtod(text, &end);
  return *end || end == text;
}

void dla_strbuf_csv_field(dla_strbuf *buffer, const char *text)
{
  const char *mark = is_formula(text) ? "'" : "";
  if (!text[strcspn(text, ",\"\r\n")]) {
    dla_strbuf_printf(buffer, "%s%s", mark, text);
    return;
  }
  dla_strbuf_printf(buffer, "\"%s", mark);
  for (; *text; text++)
    dla_strbuf_append(buffer, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
  dla_strbuf_append(buffer, "\"", 1);
}
