#include "base/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void dla_base64_encode(char *text, size_t size, const unsigned char *bytes, size_t count)
{
  char *to = text;
  for (size_t i = 0; i < count && (size_t)(to - text) + 5 <= size; i += 3) {
    unsigned b = i + 1 < count ? bytes[i + 1] : 0, c = i + 2 < count ? bytes[i + 2] : 0;
    unsigned group = (unsigned)bytes[i] << 16 | b << 8 | c;
    *to++ = alphabet[group >> 18];
    *to++ = alphabet[group >> 12 & 63];
    *to++ = i + 1 < count ? alphabet[group >> 6 & 63] : '=';
    *to++ = i + 2 < count ? alphabet[group & 63] : '=';
  }
  *to = '\0';
}

void dla_base64_write(const void *bytes, size_t count, dla_strbuf *out)
{
  enum { PIECE = 3 * 1024 }; /* a multiple of 3: only the last piece is padded */
  char text[4 * (PIECE / 3) + 1];
  const unsigned char *from = bytes;
  for (size_t at = 0; at < count; at += PIECE) {
    dla_base64_encode(text, sizeof text, from + at, count - at < PIECE ? count - at : PIECE);
    dla_strbuf_append(out, text, strlen(text));
  }
}

static int value_of(char c)
{
  if (c == '-') return 62;
  if (c == '_') return 63;
  const char *at = c ? strchr(alphabet, c) : NULL;
  return at ? (int)(at - alphabet) : -1;
}

size_t dla_base64_decode(const char *text, unsigned char *bytes, size_t size)
{
  size_t count = 0, length = strlen(text);
  unsigned group = 0, bits = 0;
  for (int padding = 0; padding < 2 && length && text[length - 1] == '='; padding++)
    length--;
  for (size_t i = 0; i < length; i++) {
    int value = value_of(text[i]);
    if (value < 0) return 0;
    group = (group << 6 | (unsigned)value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    if (count == size) return 0;
    bytes[count++] = (unsigned char)(group >> bits & 0xff);
  }
  return bits == 6 ? 0 : count; /* a single character stands for nothing */
}
