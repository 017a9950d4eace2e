#include "base/roff.h"

#include <string.h>

enum { LINE = 74 };

/* '-' too, else it is a hyphen, which cannot be copied into a shell. */
static void escape(dla_strbuf *out, char c)
{
  static const struct {
    char c;
    const char *text;
  } escapes[] = {
      {'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"}, {'"', "\\(dq"},
      {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"},
  };
  for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
    if (escapes[i].c == c) {
      dla_strbuf_append(out, escapes[i].text, strlen(escapes[i].text));
      return;
    }
  dla_strbuf_append(out, &c, 1);
}

static void escape_all(dla_strbuf *out, const char *text)
{
  for (; *text; text++)
    escape(out, *text);
}

static size_t word_length(const char *text)
{
  return strcspn(text, " \n");
}

void dla_roff_text(dla_strbuf *out, const char *text)
{
  size_t begun = out->length;
  bool bold = false;
  for (const char *c = text; *c; c++) {
    if (*c == '`') {
      bold = !bold;
      dla_strbuf_printf(out, bold ? "\\fB" : "\\fR");
    } else if (*c == '\n' || (*c == ' ' && out->length - begun + word_length(c + 1) >= LINE)) {
      dla_strbuf_append(out, "\n", 1);
      begun = out->length;
    } else {
      if (out->length == begun && *c == '.') dla_strbuf_printf(out, "\\&");
      escape(out, *c);
    }
  }
  dla_strbuf_append(out, "\n", 1);
}

void dla_roff_request(dla_strbuf *out, const char *request, const char *text)
{
  dla_strbuf_printf(out, ".%s \"", request);
  escape_all(out, text);
  dla_strbuf_printf(out, "\"\n");
}

void dla_roff_item(dla_strbuf *out, const char *tag, const char *value, const char *text)
{
  dla_strbuf_printf(out, ".TP\n\\fB");
  escape_all(out, tag);
  dla_strbuf_printf(out, "\\fR");
  if (value) {
    dla_strbuf_printf(out, "\\fI");
    escape_all(out, value);
    dla_strbuf_printf(out, "\\fR");
  }
  dla_strbuf_printf(out, "\n");
  dla_roff_text(out, text);
}
