/* PNG, by libspng: palette, grey, 16 bits, transparent, interlaced. */
#include <config.h>

#include "picture/codec.h"

#include <string.h>

static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

static bool is_png(const uint8_t *bytes, size_t size)
{
  return size >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

static bool ends(const dla_coded *head, const dla_coded *tail, uint64_t size)
{
  (void)head;
  (void)size;
  for (size_t i = 0; i + 4 <= tail->size; i++)
    if (memcmp(tail->bytes + i, "IEND", 4) == 0) return true;
  return false;
}

#ifdef HAVE_SPNG

#include <spng.h>

/* Limits for what is beside the pixels: text, profiles. */
enum { CHUNK_MAX = 16 << 20, CHUNKS_MAX = 32 << 20 };

static dla_status fail(const dla_coded *coded, int code, dla_error *err)
{
  if (code == SPNG_EMEM) return dla_fail_memory(err, coded->name);
  if (code == SPNG_IO_EOF)
    return dla_fail(err, DLA_E_INPUT, coded->name, "get it again", "the PNG is cut short");
  return dla_fail(err, DLA_E_INPUT, coded->name, "save it anew", "the PNG is not right: %s",
                  spng_strerror(code));
}

static int begin(const dla_coded *coded, spng_ctx **png, struct spng_ihdr *header)
{
  *png = spng_ctx_new(0);
  int code = *png ? spng_set_chunk_limits(*png, CHUNK_MAX, CHUNKS_MAX) : SPNG_EMEM;
  if (!code) code = spng_set_png_buffer(*png, coded->bytes, coded->size);
  return code ? code : spng_get_ihdr(*png, header);
}

/* spng_get_exif() would read, and uncompress, everything in front of the pixels. Returns false if
 * the bytes end before the pixels begin. */
static bool find_orientation(const dla_coded *coded, int *orientation)
{
  size_t at = sizeof signature;
  *orientation = 1;
  while (coded->size - at >= 12) {
    const uint8_t *chunk = coded->bytes + at;
    const size_t length =
        (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 | chunk[2] << 8 | chunk[3];
    if (memcmp(chunk + 4, "IDAT", 4) == 0) return true;
    if (length > coded->size - at - 12) return false;
    if (memcmp(chunk + 4, "eXIf", 4) == 0) {
      *orientation = dla_exif_orientation(chunk + 8, length);
      return true;
    }
    at += length + 12;
  }
  return false;
}

static dla_status probe(const dla_coded *coded, dla_stored *stored, dla_error *err)
{
  spng_ctx *png = NULL;
  struct spng_ihdr header;
  int code = begin(coded, &png, &header);
  spng_ctx_free(png);
  if (code) return fail(coded, code, err);
  if (header.width > INT32_MAX || header.height > INT32_MAX) return fail(coded, SPNG_EWIDTH, err);
  *stored = (dla_stored){.width = (int)header.width, .height = (int)header.height};
  return find_orientation(coded, &stored->orientation) ? DLA_OK : fail(coded, SPNG_IO_EOF, err);
}

static int decode_all(spng_ctx *png, const struct spng_ihdr *header, dla_room *room,
                      size_t *channels)
{
  struct spng_trns clear;
  const bool alpha = header->color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA ||
                     header->color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
                     spng_get_trns(png, &clear) == 0;
  const int format = alpha ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8;
  size_t size = 0;
  *channels = alpha ? 4 : 3;
  int code = spng_decoded_image_size(png, format, &size);
  if (code) return code;
  uint8_t *bytes = dla_room_for(room, size);
  return bytes ? spng_decode_image(png, bytes, size, format, SPNG_DECODE_TRNS) : SPNG_EMEM;
}

static dla_status decode(const dla_coded *coded, const dla_part_request *part, dla_room *room,
                         dla_pixels *pixels, dla_error *err)
{
  spng_ctx *png = NULL;
  struct spng_ihdr header;
  size_t channels = 0;
  int code = begin(coded, &png, &header);
  if (!code) code = decode_all(png, &header, room, &channels);
  spng_ctx_free(png);
  if (code) return fail(coded, code, err);
  if (channels == 4) dla_over_white(room->bytes, (size_t)header.width * header.height);
  *pixels = (dla_pixels){.stride = 3 * (size_t)header.width, .rgb = room->bytes};
  dla_pixels_crop(pixels, &part->box);
  return DLA_OK;
}

#endif

const dla_codec dla_codec_png = {
    .name = "PNG",
    .package = "libspng-dev",
    .is = is_png,
#ifdef HAVE_SPNG
    .probe = probe,
    .decode = decode,
#endif
    .ends = ends,
};
