#include "base/one_line.h"

#include <string.h>

#include "base/utf8.h"

/* U+0000 to U+001F, U+007F to U+009F, line and paragraph separators, and characters that change the
 * direction of text. */
static int is_control(uint32_t code)
{
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

void dla_one_line(char *text)
{
  char *to = text;
  while (*text) {
    uint32_t code = 0;
    size_t length = dla_utf8_decode(text, &code);
    if (length && !is_control(code)) {
      memmove(to, text, length);
      to += length;
    } else {
      *to++ = '?';
    }
    text += length ? length : 1;
  }
  *to = '\0';
}
