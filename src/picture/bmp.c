/* BMP, without a library: uncompressed, of 1, 4, 8, 16, 24 and 32 bits. Values are Pillow's. */
#include "picture/codec.h"

#include <stdlib.h>
#include <string.h>

/* Offsets in the file. An info header of 12 bytes is that of OS/2. */
enum {
  PIXELS_AT = 10,
  INFO_AT = 14,
  OLD_INFO = 12,
  INFO = 40,
  MASKS_AT = INFO_AT + INFO,
  HEAD_MAX = INFO_AT + 256
};

enum { PLAIN = 0, BITFIELDS = 3, ALPHA_BITFIELDS = 6 };

typedef struct header {
  int64_t width, height;
  bool upside_down; /* the last row first, as usual */
  int bits;
  uint32_t mask[4];                        /* of red, green, blue, alpha, for 16 and 32 bits */
  size_t pixels, palette, colour, colours; /* offsets; bytes of a colour; colours in the file */
  size_t stride;
} header;

static uint32_t little(const uint8_t *bytes, int count)
{
  uint32_t value = 0;
  for (int i = count - 1; i >= 0; i--)
    value = value << 8 | bytes[i];
  return value;
}

static bool is_bmp(const uint8_t *bytes, size_t size)
{
  return size >= 10 && memcmp(bytes, "BM", 2) == 0 && little(bytes + 6, 4) == 0;
}

static dla_status fail(const dla_coded *coded, const char *what, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, coded->name, "save it anew", "the BMP is not right: %s", what);
}

static dla_status fail_cut(const dla_coded *coded, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, coded->name, "get it again", "the BMP is cut short");
}

static void set_masks(const dla_coded *coded, uint32_t info, uint32_t compression, header *h)
{
  static const uint32_t usual[2][4] = {{0x7c00, 0x3e0, 0x1f, 0}, {0xff0000, 0xff00, 0xff, 0}};
  const bool given = compression != PLAIN;
  memcpy(h->mask, usual[h->bits == 32], sizeof h->mask);
  for (int i = 0; i < 3 && given; i++)
    h->mask[i] = little(coded->bytes + MASKS_AT + 4 * i, 4);
  if (given && (info > 52 || compression == ALPHA_BITFIELDS))
    h->mask[3] = little(coded->bytes + MASKS_AT + 12, 4);
}

static dla_status read_sizes(const dla_coded *coded, uint32_t info, header *h, dla_error *err)
{
  const uint8_t *b = coded->bytes;
  const bool old = info == OLD_INFO;
  const int32_t height = old ? (int32_t)little(b + 20, 2) : (int32_t)little(b + 22, 4);
  h->width = old ? (int32_t)little(b + 18, 2) : (int32_t)little(b + 18, 4);
  h->height = llabs((long long)height);
  h->upside_down = height > 0;
  h->bits = (int)little(b + (old ? 24 : 28), 2);
  if (h->width <= 0 || h->height == 0 || h->height > INT32_MAX)
    return fail(coded, "it has no width or height", err);
  if (h->bits != 1 && h->bits != 4 && h->bits != 8 && h->bits != 16 && h->bits != 24 &&
      h->bits != 32)
    return fail(coded, "its number of bits is none", err);
  h->stride = ((size_t)h->width * (size_t)h->bits + 31) / 32 * 4;
  return DLA_OK;
}

static dla_status read_header(const dla_coded *coded, header *h, dla_error *err)
{
  const uint8_t *b = coded->bytes;
  if (coded->size < INFO_AT + OLD_INFO) return fail_cut(coded, err);
  const uint32_t info = little(b + INFO_AT, 4);
  if (info != OLD_INFO && (info < INFO || info > HEAD_MAX))
    return fail(coded, "its header has an unknown size", err);
  if (coded->size < INFO_AT + (size_t)info) return fail_cut(coded, err);
  dla_status status = read_sizes(coded, info, h, err);
  if (status) return status;
  const uint32_t compression = info == OLD_INFO ? PLAIN : little(b + 30, 4);
  const bool masks = compression == BITFIELDS || compression == ALPHA_BITFIELDS;
  if (compression != PLAIN && !(masks && (h->bits == 16 || h->bits == 32)))
    return dla_fail(err, DLA_E_INPUT, coded->name,
                    "convert it to PNG, for example with ImageMagick: convert x.bmp x.png",
                    "it is a compressed BMP, which is not read");
  if (masks && coded->size < MASKS_AT + 16) return fail_cut(coded, err); /* with a pixel behind */
  const size_t more = masks && info == INFO ? (compression == BITFIELDS ? 12 : 16) : 0;
  if (coded->size < INFO_AT + info + more) return fail_cut(coded, err);
  if (h->bits == 16 || h->bits == 32) set_masks(coded, info, compression, h);
  h->pixels = little(b + PIXELS_AT, 4);
  h->palette = INFO_AT + info + more;
  h->colour = info == OLD_INFO ? 3 : 4;
  h->colours = h->bits > 8 ? 0 : (size_t)1 << h->bits;
  const uint32_t used = info == OLD_INFO ? 0 : little(b + 46, 4);
  if (used > 0 && used < h->colours) h->colours = used;
  return h->pixels < h->palette ? fail(coded, "its pixels begin within its header", err) : DLA_OK;
}

static dla_status probe(const dla_coded *coded, dla_stored *stored, dla_error *err)
{
  header h = {0};
  dla_status status = read_header(coded, &h, err);
  *stored = (dla_stored){(int)h.width, (int)h.height, 1};
  return status;
}

/* ---- Pixels ---- */

/* A masked part of a value, as 0 to 255. */
static uint8_t part_of(uint32_t value, uint32_t mask)
{
  if (!mask) return 255; /* there is no alpha */
  const int shift = __builtin_ctz(mask);
  const uint64_t most = mask >> shift;
  return (uint8_t)((uint64_t)((value & mask) >> shift) * 255 / most);
}

/* to: RGBA. */
static void read_pixel(const dla_coded *coded, const header *h, const uint8_t *row, size_t x,
                       uint8_t to[4])
{
  to[3] = 255;
  if (h->bits == 24) {
    for (int c = 0; c < 3; c++)
      to[c] = row[3 * x + 2 - (size_t)c];
  } else if (h->bits > 8) {
    const int bytes = h->bits / 8;
    const uint32_t value = little(row + x * (size_t)bytes, bytes);
    for (int c = 0; c < 4; c++)
      to[c] = part_of(value, h->mask[c]);
  } else {
    const size_t bit = x * (size_t)h->bits;
    const int shift = 8 - h->bits - (int)(bit % 8);
    const size_t index = (size_t)(row[bit / 8] >> shift) & (((size_t)1 << h->bits) - 1);
    const uint8_t *colour = coded->bytes + h->palette + index * h->colour;
    for (int c = 0; c < 3; c++)
      to[c] = index < h->colours ? colour[2 - c] : 0;
  }
}

static bool is_whole(const header *h, uint64_t size)
{
  uint64_t pixels;
  return !__builtin_mul_overflow((uint64_t)h->stride, (uint64_t)h->height, &pixels) &&
         h->pixels <= size && pixels <= size - h->pixels &&
         h->palette + h->colours * h->colour <= size;
}

static dla_status decode(const dla_coded *coded, const dla_part_request *part, dla_room *room,
                         dla_pixels *pixels, dla_error *err)
{
  header h = {0};
  dla_status status = read_header(coded, &h, err);
  if (status) return status;
  if (!is_whole(&h, coded->size)) return fail_cut(coded, err);
  const dla_box *box = &part->box;
  const size_t count = (size_t)box->width * (size_t)box->height;
  uint8_t *rgba = dla_room_for(room, 4 * count), *to = rgba;
  if (!rgba) return dla_fail_memory(err, coded->name);
  for (int y = box->top; y < box->top + box->height; y++) {
    const size_t line = h.upside_down ? (size_t)(h.height - 1 - y) : (size_t)y;
    const uint8_t *row = coded->bytes + h.pixels + line * h.stride;
    for (int x = box->left; x < box->left + box->width; x++, to += 4)
      read_pixel(coded, &h, row, (size_t)x, to);
  }
  dla_over_white(rgba, count);
  *pixels = (dla_pixels){.width = box->width,
                         .height = box->height,
                         .stride = 3 * (size_t)box->width,
                         .rgb = rgba,
                         .right = box->width,
                         .bottom = box->height};
  return DLA_OK;
}

static bool ends(const dla_coded *head, const dla_coded *tail, uint64_t size)
{
  header h = {0};
  dla_error ignored = {0};
  (void)tail;
  return read_header(head, &h, &ignored) == DLA_OK && is_whole(&h, size);
}

const dla_codec dla_codec_bmp = {
    .name = "BMP", .is = is_bmp, .probe = probe, .decode = decode, .ends = ends};
