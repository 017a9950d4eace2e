/* PBM, PGM and PPM, as text and as bytes, without a library. Values are scaled to 255. */
#include "picture/codec.h"

#include <ctype.h>
#include <string.h>

typedef struct header {
  char kind; /* '1' to '6' */
  uint32_t width, height, most;
  size_t pixels; /* where they begin */
  int channels;
} header;

static bool is_blank(uint8_t c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_pnm(const uint8_t *bytes, size_t size)
{
  size_t at = 2;
  if (size < 4 || bytes[0] != 'P' || bytes[1] < '1' || bytes[1] > '6' || !is_blank(bytes[2]))
    return false;
  while (at < size && is_blank(bytes[at]))
    at++;
  return at == size || bytes[at] == '#' || isdigit(bytes[at]);
}

static dla_status fail_cut(const dla_coded *coded, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, coded->name, "get it again", "the PNM is cut short");
}

static dla_status fail(const dla_coded *coded, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, coded->name, "save it anew",
                  "the PNM is not right: there should be a number");
}

/* Passes over blanks and comments. */
static size_t skip(const dla_coded *coded, size_t at)
{
  while (at < coded->size && (is_blank(coded->bytes[at]) || coded->bytes[at] == '#')) {
    const bool comment = coded->bytes[at] == '#';
    while (comment && at < coded->size && coded->bytes[at] != '\n')
      at++;
    at += at < coded->size;
  }
  return at;
}

/* digits: at most so many. */
static dla_status read_number(const dla_coded *coded, size_t *at, int digits, uint32_t *number,
                              dla_error *err)
{
  *number = 0;
  *at = skip(coded, *at);
  if (*at == coded->size) return fail_cut(coded, err);
  if (!isdigit(coded->bytes[*at])) return fail(coded, err);
  for (; digits > 0 && *at < coded->size && isdigit(coded->bytes[*at]); ++*at, digits--)
    *number = *number * 10 + (uint32_t)(coded->bytes[*at] - '0');
  return DLA_OK;
}

static dla_status read_header(const dla_coded *coded, header *h, dla_error *err)
{
  uint32_t *const numbers[] = {&h->width, &h->height, &h->most};
  *h = (header){.kind = (char)coded->bytes[1], .most = 1};
  h->channels = h->kind == '3' || h->kind == '6' ? 3 : 1;
  const int count = h->kind == '1' || h->kind == '4' ? 2 : 3;
  size_t at = 2;
  for (int i = 0; i < count; i++) {
    dla_status status = read_number(coded, &at, 9, numbers[i], err);
    if (status) return status;
    if (at == coded->size) return fail_cut(coded, err); /* the number may go on */
    if (*numbers[i] == 0 || (i == 2 && *numbers[i] > 65535)) return fail(coded, err);
  }
  h->pixels = at + 1;
  return DLA_OK;
}

static dla_status probe(const dla_coded *coded, dla_stored *stored, dla_error *err)
{
  header h;
  dla_status status = read_header(coded, &h, err);
  *stored = (dla_stored){(int)h.width, (int)h.height, 1};
  return status;
}

/* ---- Pixels ---- */

static uint8_t scaled(const header *h, uint32_t value)
{
  if (h->kind == '1' || h->kind == '4') return value ? 0 : 255; /* 1 is black */
  if (value >= h->most) return 255;
  return (uint8_t)((2 * 255 * value + h->most) / (2 * h->most));
}

static size_t row_bytes(const header *h)
{
  if (h->kind == '4') return ((size_t)h->width + 7) / 8;
  return (size_t)h->width * (size_t)h->channels * (h->most > 255 ? 2 : 1);
}

static uint32_t stored_value(const header *h, const uint8_t *row, size_t i)
{
  if (h->kind == '4') return row[i / 8] >> (7 - i % 8) & 1;
  return h->most > 255 ? (uint32_t)row[2 * i] << 8 | row[2 * i + 1] : row[i];
}

/* All numbers: text has no rows of a known length. */
static dla_status read_text(const dla_coded *coded, const header *h, uint8_t *to, dla_error *err)
{
  size_t at = h->pixels;
  const size_t count = (size_t)h->width * h->height * (size_t)h->channels;
  for (size_t i = 0; i < count; i++) {
    uint32_t value;
    dla_status status = read_number(coded, &at, h->kind == '1' ? 1 : 9, &value, err);
    if (status) return status;
    *to++ = scaled(h, value);
    for (int c = 1; h->channels == 1 && c < 3; c++, to++)
      *to = to[-1];
  }
  return DLA_OK;
}

static void read_bytes(const dla_coded *coded, const header *h, uint8_t *to)
{
  const size_t row = row_bytes(h), values = (size_t)h->width * (size_t)h->channels;
  for (size_t y = 0; y < h->height; y++)
    for (size_t i = 0; i < values; i++) {
      *to++ = scaled(h, stored_value(h, coded->bytes + h->pixels + y * row, i));
      for (int c = 1; h->channels == 1 && c < 3; c++, to++)
        *to = to[-1];
    }
}

/* Whether the pixels can be in so many bytes. A number of a text takes a byte at least. */
static bool is_whole(const header *h, uint64_t size)
{
  const uint64_t row = h->kind <= '3' ? (uint64_t)h->width * (uint64_t)h->channels : row_bytes(h);
  return h->pixels <= size && h->height <= (size - h->pixels) / row;
}

static dla_status decode(const dla_coded *coded, const dla_part_request *part, dla_room *room,
                         dla_pixels *pixels, dla_error *err)
{
  header h;
  dla_status status = read_header(coded, &h, err);
  if (status) return status;
  if (!is_whole(&h, coded->size)) return fail_cut(coded, err);
  uint8_t *rgb = dla_room_for(room, 3 * (size_t)h.width * h.height);
  if (!rgb) return dla_fail_memory(err, coded->name);
  if (h.kind <= '3')
    status = read_text(coded, &h, rgb, err);
  else
    read_bytes(coded, &h, rgb);
  if (status) return status;
  *pixels = (dla_pixels){.stride = 3 * (size_t)h.width, .rgb = rgb};
  dla_pixels_crop(pixels, &part->box);
  return DLA_OK;
}

/* Text is read to its end to tell. */
static bool ends(const dla_coded *head, const dla_coded *tail, uint64_t size)
{
  header h;
  dla_error ignored = {0};
  (void)tail;
  return read_header(head, &h, &ignored) == DLA_OK && h.kind > '3' && is_whole(&h, size);
}

const dla_codec dla_codec_pnm = {
    .name = "PNM", .is = is_pnm, .probe = probe, .decode = decode, .ends = ends};
