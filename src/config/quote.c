#include "config/quote.h"

#include <stdint.h>

#include "base/utf8.h"

/* Control characters, the line breaks that YAML folds, the byte order mark, and what is no
 * character: a YAML reader would not give them back. */
static bool needs_escape(uint32_t code)
{
  return code < 0x20 || (code >= 0x7f && code <= 0xa0) || code == 0x2028 || code == 0x2029 ||
         code == 0xfeff || code == 0xfffe || code == 0xffff;
}

void dla_quote(const char *text, dla_strbuf *out)
{
  dla_strbuf_append(out, "\"", 1);
  uint32_t code;
  for (size_t length; *text && (length = dla_utf8_decode(text, &code)); text += length) {
    if (code == '"' || code == '\\')
      dla_strbuf_printf(out, "\\%c", *text);
    else if (needs_escape(code))
      dla_strbuf_printf(out, "\\u%04x", (unsigned)code);
    else
      dla_strbuf_append(out, text, length);
  }
  dla_strbuf_append(out, "\"", 1);
}
