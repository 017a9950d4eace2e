/* Protocol 0: arguments are lines of text, as Python's repr() writes them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "pickle/machine.h"

enum { NUMBER_MAX = 64 };

/* Takes a line as a C string. If it is longer than any number, it is cut. */
static dla_status take_short(dla_pickle_machine *m, char text[NUMBER_MAX], size_t *length)
{
  const uint8_t *line = NULL;
  TRY(dla_machine_take_line(m, &line, length));
  size_t count = *length < NUMBER_MAX ? *length : NUMBER_MAX - 1;
  memcpy(text, line, count);
  text[count] = '\0';
  return DLA_OK;
}

/* INT and LONG: "01" is True, "-7", "7L", and any number of digits. */
dla_status dla_op_line_integer(dla_pickle_machine *m)
{
  char text[NUMBER_MAX];
  size_t length;
  TRY(take_short(m, text, &length));
  if (strcmp(text, "00") == 0 || strcmp(text, "01") == 0)
    return dla_machine_push(m,
                            (dla_pickle_value){.kind = DLA_PICKLE_BOOL, .integer = text[1] == '1'});
  dla_pickle_value value = {.kind = DLA_PICKLE_INT};
  size_t digits = strspn(text, "+-0123456789");
  if (digits == 0 || (text[digits] && strcmp(text + digits, "L") != 0))
    return FAIL(m, "the pickle has a number that is none");
  text[digits] = '\0';
  if (length >= NUMBER_MAX || !dla_integer_read(text, &value.integer)) {
    value.kind = DLA_PICKLE_BIG;
    value.real = text[0] == '-' ? -1e19 : 1e19;
  }
  return dla_machine_push(m, value);
}

dla_status dla_op_line_float(dla_pickle_machine *m)
{
  char text[NUMBER_MAX], *end = NULL;
  size_t length;
  dla_pickle_value value = {.kind = DLA_PICKLE_FLOAT};
  TRY(take_short(m, text, &length));
  value.real = strtod(text, &end);
  if (end == text || *end) return FAIL(m, "the pickle has a number that is none");
  return dla_machine_push(m, value);
}

/* Reads up to eight digits; -1 if one of them is none. */
static int64_t hex(const uint8_t *digits, size_t count)
{
  int64_t number = 0;
  for (size_t i = 0; i < count; i++) {
    if (!isxdigit(digits[i])) return -1;
    number = number * 16 + (isdigit(digits[i]) ? digits[i] - '0' : (digits[i] | 32) - 'a' + 10);
  }
  return number;
}

/* Decodes one escape behind a backslash. Returns its length, or 0 if Python does not write it. */
static size_t unescape(const uint8_t *from, size_t left, uint8_t *byte)
{
  static const char plain[] = "\\'\"abfnrtv", means[] = "\\'\"\a\b\f\n\r\t\v";
  const char *known = left ? memchr(plain, from[0], sizeof plain - 1) : NULL;
  if (known) *byte = (uint8_t)means[known - plain];
  if (known) return 1;
  if (left < 3 || from[0] != 'x') return 0;
  int64_t number = hex(from + 1, 2);
  *byte = (uint8_t)number;
  return number < 0 ? 0 : 3;
}

/* STRING: Python 2's str, quoted as repr() does. */
dla_status dla_op_line_string(dla_pickle_machine *m)
{
  const uint8_t *line = NULL;
  uint8_t *text = NULL;
  size_t length, used = 0;
  TRY(dla_machine_take_line(m, &line, &length));
  if (length < 2 || (line[0] != '\'' && line[0] != '"') || line[length - 1] != line[0])
    return FAIL(m, "the pickle has a text without quotes");
  TRY(dla_machine_new_text(m, length, &text));
  for (size_t i = 1; i < length - 1; i++) {
    size_t taken = 1;
    text[used] = line[i];
    if (line[i] == '\\' && !(taken = unescape(line + i + 1, length - 2 - i, &text[used])))
      return FAIL(m, "the pickle has an escape that is none");
    i += line[i] == '\\' ? taken : 0;
    used++;
  }
  return dla_machine_push(
      m, (dla_pickle_value){.kind = DLA_PICKLE_STRING, .bytes = text, .count = used});
}

static size_t put_utf8(uint8_t *to, uint32_t c)
{
  if (c < 0x80) return to[0] = (uint8_t)c, 1;
  size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  for (size_t i = more; i > 0; i--, c >>= 6)
    to[i] = (uint8_t)(0x80 | (c & 0x3f));
  to[0] = (uint8_t)((0xff00 >> (more + 1) & 0xff) | c);
  return more + 1;
}

/* UNICODE: "raw-unicode-escape", that is Latin-1 with \uXXXX and \UXXXXXXXX. */
dla_status dla_op_line_unicode(dla_pickle_machine *m)
{
  const uint8_t *line = NULL;
  uint8_t *text = NULL;
  size_t length, used = 0;
  TRY(dla_machine_take_line(m, &line, &length));
  TRY(dla_machine_new_text(m, 2 * length, &text));
  for (size_t i = 0; i < length;) {
    bool escape = line[i] == '\\' && i + 1 < length && (line[i + 1] | 32) == 'u';
    size_t digits = escape ? (line[i + 1] == 'u' ? 4 : 8) : 0;
    int64_t number = escape && i + 2 + digits <= length ? hex(line + i + 2, digits) : -1;
    bool known = number >= 0 && number < 0x110000;
    used += put_utf8(text + used, known ? (uint32_t)number : line[i]);
    i += known ? 2 + digits : 1;
  }
  return dla_machine_push(
      m, (dla_pickle_value){.kind = DLA_PICKLE_STRING, .bytes = text, .count = used});
}

static dla_status take_index(dla_pickle_machine *m, size_t *index)
{
  char text[NUMBER_MAX];
  size_t length;
  int64_t number = -1;
  TRY(take_short(m, text, &length));
  if (!dla_integer_read(text, &number) || number < 0)
    return FAIL(m, "the pickle's memo has an entry that is no number");
  *index = (size_t)number;
  return DLA_OK;
}

dla_status dla_op_line_put(dla_pickle_machine *m)
{
  size_t index = 0;
  TRY(take_index(m, &index));
  return dla_machine_put(m, index);
}

dla_status dla_op_line_get(dla_pickle_machine *m)
{
  size_t index = 0;
  TRY(take_index(m, &index));
  return dla_machine_get(m, index);
}

dla_status dla_op_line_persistent(dla_pickle_machine *m)
{
  TRY(dla_machine_push_line(m));
  return dla_machine_persistent(m);
}
