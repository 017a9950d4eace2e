#include "base/column.h"

#include "base/utf8.h"

typedef struct range {
  uint32_t from, to;
} range;

static bool is_in(uint32_t code, const range *ranges, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (code >= ranges[i].from && code <= ranges[i].to) return true;
  return false;
}

/* The large blocks of Unicode's East Asian Width and of its combining marks. wcwidth() would depend
 * on the locale. */
static int width_of(uint32_t code)
{
  static const range none[] = {
      {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};
  static const range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0xa4cf},
                               {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                               {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                               {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
  if (is_in(code, none, sizeof none / sizeof *none)) return 0;
  return is_in(code, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

int dla_column_width(const char *text)
{
  int width = 0;
  while (*text) {
    uint32_t code = 0;
    const size_t length = dla_utf8_decode(text, &code);
    width += length ? width_of(code) : 1;
    text += length ? length : 1;
  }
  return width;
}

void dla_column(dla_strbuf *out, const char *text, int width)
{
  const int pad = width - dla_column_width(text);
  dla_strbuf_printf(out, "%s%*s", text, pad > 0 ? pad : 0, "");
}
