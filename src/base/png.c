#include "base/png.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* PNG's colour types, by channels. */
static const char color_type[] = {0, 0, 4, 2, 6};

static void put_number(uint8_t *to, uint32_t value)
{
  for (int i = 0; i < 4; i++)
    to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A chunk: length, type, data, and the checksum of type and data. */
static void write_chunk(const char *type, const uint8_t *data, size_t size, dla_strbuf *out)
{
  uint8_t number[4];
  uLong crc = crc32(0, (const Bytef *)type, 4);
  if (size) crc = crc32(crc, data, (uInt)size);
  put_number(number, (uint32_t)size);
  dla_strbuf_append(out, (const char *)number, 4);
  dla_strbuf_append(out, type, 4);
  dla_strbuf_append(out, (const char *)data, size);
  put_number(number, (uint32_t)crc);
  dla_strbuf_append(out, (const char *)number, 4);
}

/* Each row begins with its filter: none. */
static void write_rows(const uint8_t *pixels, size_t row, int height, dla_strbuf *out)
{
  const size_t raw = (row + 1) * (size_t)height;
  uLongf packed = compressBound((uLong)raw);
  uint8_t *rows = malloc(raw), *bytes = malloc(packed);
  bool made = rows && bytes;
  for (int y = 0; made && y < height; y++) {
    rows[(size_t)y * (row + 1)] = 0;
    memcpy(rows + (size_t)y * (row + 1) + 1, pixels + (size_t)y * row, row);
  }
  made = made && compress2(bytes, &packed, rows, (uLong)raw, Z_DEFAULT_COMPRESSION) == Z_OK;
  if (made) write_chunk("IDAT", bytes, packed, out);
  out->failed |= !made;
  free(rows);
  free(bytes);
}

void dla_png_write(const uint8_t *pixels, int width, int height, int channels, dla_strbuf *out)
{
  uint8_t head[13] = {0};
  put_number(head, (uint32_t)width);
  put_number(head + 4, (uint32_t)height);
  head[8] = 8; /* bits */
  head[9] = (uint8_t)color_type[channels];
  dla_strbuf_append(out, "\x89PNG\r\n\x1a\n", 8);
  write_chunk("IHDR", head, sizeof head, out);
  write_rows(pixels, (size_t)width * (size_t)channels, height, out);
  write_chunk("IEND", NULL, 0, out);
}
