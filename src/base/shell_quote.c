#include "base/shell_quote.h"

#include <string.h>

void dla_shell_quote(const char *text, dla_strbuf *out)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "._:/@%+=,-";
  if (*text && !text[strspn(text, plain)]) {
    dla_strbuf_printf(out, "%s", text);
    return;
  }
  dla_strbuf_append(out, "'", 1);
  for (; *text; text++)
    dla_strbuf_append(out, *text == '\'' ? "'\\''" : text, *text == '\'' ? 4 : 1);
  dla_strbuf_append(out, "'", 1);
}
