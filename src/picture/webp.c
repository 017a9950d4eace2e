/* WebP, by libwebp: lossy, lossless, transparent. Animations are refused. */
#include <config.h>

#include "picture/codec.h"

#include <string.h>

static bool is_webp(const uint8_t *bytes, size_t size)
{
  return size >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0;
}

static uint32_t little(const uint8_t *bytes)
{
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

static bool ends(const dla_coded *head, const dla_coded *tail, uint64_t size)
{
  (void)tail;
  return head->size >= 8 && (uint64_t)little(head->bytes + 4) + 8 <= size;
}

#ifdef HAVE_WEBP

#include <webp/decode.h>

static dla_status fail(const dla_coded *coded, VP8StatusCode code, dla_error *err)
{
  if (code == VP8_STATUS_OUT_OF_MEMORY) return dla_fail_memory(err, coded->name);
  if (code == VP8_STATUS_NOT_ENOUGH_DATA)
    return dla_fail(err, DLA_E_INPUT, coded->name, "get it again", "the WebP is cut short");
  return dla_fail(err, DLA_E_INPUT, coded->name, "save it anew", "the WebP is not right");
}

/* EXIF is in a chunk behind the pixels. Some files begin it as JPEG does. */
static int orientation(const dla_coded *coded)
{
  size_t at = 12;
  while (at <= coded->size && coded->size - at >= 8) {
    const uint8_t *chunk = coded->bytes + at;
    const size_t length = little(chunk + 4), left = coded->size - at - 8;
    if (length > left) break;
    if (memcmp(chunk, "EXIF", 4) == 0) {
      const size_t more = length > 6 && memcmp(chunk + 8, "Exif\0", 6) == 0 ? 6 : 0;
      return dla_exif_orientation(chunk + 8 + more, length - more);
    }
    at += 8 + length + (length & 1);
  }
  return 1;
}

static dla_status features(const dla_coded *coded, WebPBitstreamFeatures *f, dla_error *err)
{
  const VP8StatusCode code = WebPGetFeatures(coded->bytes, coded->size, f);
  if (code != VP8_STATUS_OK) return fail(coded, code, err);
  if (f->has_animation)
    return dla_fail(err, DLA_E_INPUT, coded->name,
                    "take a picture out of it, for example with webpmux -get frame 1",
                    "it is a WebP that moves, which is not read");
  return DLA_OK;
}

/* The header says whether there is EXIF. Then the file must be complete. */
static dla_status probe(const dla_coded *coded, dla_stored *stored, dla_error *err)
{
  enum { HAS_EXIF = 8 };
  WebPBitstreamFeatures f;
  dla_status status = features(coded, &f, err);
  if (status) return status;
  const bool exif =
      coded->size > 20 && memcmp(coded->bytes + 12, "VP8X", 4) == 0 && coded->bytes[20] & HAS_EXIF;
  if (exif && (uint64_t)little(coded->bytes + 4) + 8 > coded->size)
    return fail(coded, VP8_STATUS_NOT_ENOUGH_DATA, err);
  *stored = (dla_stored){f.width, f.height, exif ? orientation(coded) : 1};
  return DLA_OK;
}

static dla_status decode(const dla_coded *coded, const dla_part_request *part, dla_room *room,
                         dla_pixels *pixels, dla_error *err)
{
  WebPBitstreamFeatures f;
  dla_status status = features(coded, &f, err);
  if (status) return status;
  const size_t channels = f.has_alpha ? 4 : 3, row = channels * (size_t)f.width;
  const size_t size = row * (size_t)f.height;
  uint8_t *bytes = dla_room_for(room, size);
  if (!bytes) return dla_fail_memory(err, coded->name);
  const bool done =
      f.has_alpha ? WebPDecodeRGBAInto(coded->bytes, coded->size, bytes, size, (int)row) != NULL
                  : WebPDecodeRGBInto(coded->bytes, coded->size, bytes, size, (int)row) != NULL;
  if (!done)
    return fail(coded,
                ends(coded, coded, coded->size) ? VP8_STATUS_BITSTREAM_ERROR
                                                : VP8_STATUS_NOT_ENOUGH_DATA,
                err);
  if (f.has_alpha) dla_over_white(bytes, (size_t)f.width * (size_t)f.height);
  *pixels = (dla_pixels){.stride = 3 * (size_t)f.width, .rgb = bytes};
  dla_pixels_crop(pixels, &part->box);
  return DLA_OK;
}

#endif

const dla_codec dla_codec_webp = {
    .name = "WebP",
    .package = "libwebp-dev",
    .is = is_webp,
#ifdef HAVE_WEBP
    .probe = probe,
    .decode = decode,
#endif
    .ends = ends,
};
