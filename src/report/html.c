#include "report/html.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define DASH        "\xe2\x80\x93"

static const char *entity_of(uint32_t code)
{
  switch (code) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

/* Whether it is a control character, or what HTML calls a noncharacter. */
static bool is_no_text(uint32_t code)
{
  if (code == '\t' || code == '\n') return false;
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xfdd0 && code <= 0xfdef) ||
         (code & 0xfffe) == 0xfffe;
}

void dla_html_text(dla_strbuf *out, const char *text)
{
  for (size_t length; text && *text; text += length) {
    uint32_t code = 0;
    length = dla_utf8_decode(text, &code);
    const char *entity = length ? entity_of(code) : NULL;
    if (length == 0 || is_no_text(code)) {
      length = length ? length : 1;
      dla_strbuf_append(out, REPLACEMENT, 3);
    } else if (entity) {
      dla_strbuf_append(out, entity, strlen(entity));
    } else {
      dla_strbuf_append(out, text, length);
    }
  }
}

void dla_html_between(dla_strbuf *out, const char *before, const char *text, const char *behind)
{
  dla_strbuf_append(out, before, strlen(before));
  dla_html_text(out, text);
  dla_strbuf_append(out, behind, strlen(behind));
}

void dla_html_json(dla_strbuf *out, const dla_strbuf *json)
{
  const char *text = dla_strbuf_text(json);
  out->failed |= json->failed;
  while (*text) {
    const size_t length = strcspn(text, "<");
    dla_strbuf_append(out, text, length);
    text += length;
    if (*text) dla_strbuf_append(out, "\\u003c", 6);
    text += *text != '\0';
  }
}

void dla_html_path(dla_strbuf *out, const char *path)
{
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/=,";
  for (; *path; path++)
    if (strchr(plain, *path))
      dla_strbuf_append(out, path, 1);
    else
      dla_strbuf_printf(out, "%%%02X", (unsigned)(unsigned char)*path);
}

dla_figure dla_figure_print(const char *format, ...)
{
  dla_figure figure;
  va_list args;
  va_start(args, format);
  vsnprintf(figure.text, sizeof figure.text, format, args);
  va_end(args);
  return figure;
}

dla_figure dla_html_number(double value)
{
  if (isnan(value)) return dla_figure_print(DASH);
  const bool whole = fabs(value) >= 1e4 && fabs(value) < 1e9;
  return whole ? dla_figure_print("%.0f", value) : dla_figure_print("%.4g", value);
}

dla_figure dla_html_count(double value)
{
  static const struct {
    double unit;
    const char *name;
  } units[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "k"}};
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (value >= units[i].unit) {
      const double unit = units[i].unit == 1e4 ? 1e3 : units[i].unit;
      return dla_figure_print("%.3g %s", value / unit, units[i].name);
    }
  return isnan(value) ? dla_figure_print(DASH) : dla_figure_print("%.0f", value);
}

dla_figure dla_html_percent(double share)
{
  return isnan(share) ? dla_figure_print(DASH) : dla_figure_print("%.2f %%", 100 * share);
}

dla_figure dla_html_duration(double seconds)
{
  if (isnan(seconds) || seconds < 0) return dla_figure_print(DASH);
  if (seconds < 99.95) return dla_figure_print("%.*f s", seconds < 9.995 ? 2 : 1, seconds);
  if (seconds < 6000)
    return dla_figure_print("%.0f min %02.0f s", floor(seconds / 60), floor(fmod(seconds, 60)));
  return dla_figure_print("%.0f h %02.0f min", floor(seconds / 3600),
                          floor(fmod(seconds, 3600) / 60));
}
