#include "base/utf8.h"

size_t dla_utf8_decode(const char *text, uint32_t *code)
{
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000}; /* by length */
  const unsigned char *p = (const unsigned char *)text;
  if (p[0] < 0x80) {
    *code = p[0];
    return 1;
  }
  size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
  if (p[0] < 0xc0 || p[0] > 0xf7) return 0;
  *code = p[0] & (0x7fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((p[i] & 0xc0) != 0x80) return 0; /* stops at the NUL, too */
    *code = *code << 6 | (p[i] & 0x3f);
  }
  bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
  return *code < smallest[length] || *code > 0x10ffff || surrogate ? 0 : length;
}

bool dla_utf8_valid(const char *text)
{
  uint32_t code;
  for (size_t length; *text; text += length)
    if (!(length = dla_utf8_decode(text, &code))) return false;
  return true;
}
