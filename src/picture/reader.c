#include "picture/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "picture/codec.h"

dla_status dla_reader_create(dla_reader **reader, dla_error *err)
{
  dla_isa isa;
  TRY(dla_isa_choose(&isa, err));
  *reader = calloc(1, sizeof **reader);
  if (!*reader) return dla_fail_memory(err, "a reader of pictures");
  (*reader)->kernels = dla_resize_choose(isa);
  return DLA_OK;
}

void dla_reader_free(dla_reader *reader)
{
  if (!reader) return;
  free(reader->decoded.bytes);
  free(reader->turned.bytes);
  free(reader->taps.bytes);
  free(reader->rows.bytes);
  free(reader->result.bytes);
  free(reader);
}

/* ---- The header ---- */

static dla_status probe(const dla_coded *coded, const dla_codec **codec, dla_stored *stored,
                        dla_error *err)
{
  dla_error unread = {0};
  *codec = dla_codec_of(coded, err ? err : &unread);
  if (!*codec) return err ? err->status : unread.status;
  TRY((*codec)->probe(coded, stored, err));
  if (stored->width > 0 && stored->height > 0) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, coded->name, "save it anew", "the picture has %d x %d pixels",
                  stored->width, stored->height);
}

static bool on_its_side(int orientation)
{
  return orientation >= 5;
}

static dla_picture_info info_of(const dla_codec *codec, const dla_stored *stored)
{
  const bool side = on_its_side(stored->orientation);
  return (dla_picture_info){.format = codec->name,
                            .width = side ? stored->height : stored->width,
                            .height = side ? stored->width : stored->height,
                            .orientation = stored->orientation};
}

dla_status dla_picture_probe(const void *bytes, size_t size, const char *name,
                             dla_picture_info *info, dla_error *err)
{
  const dla_coded coded = {bytes, size, name};
  const dla_codec *codec;
  dla_stored stored;
  TRY(probe(&coded, &codec, &stored, err));
  *info = info_of(codec, &stored);
  return DLA_OK;
}

/* ---- The pixels ---- */

/* Whether the stored columns (or rows) run against those of the picture as it is shown. */
static bool x_falls(int orientation)
{
  return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}

static bool y_falls(int orientation)
{
  return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}

/* The stored place of a part of the shown picture. */
static dla_box stored_box(const dla_box *seen, const dla_stored *stored)
{
  dla_box b = *seen;
  if (on_its_side(stored->orientation))
    b = (dla_box){seen->top, seen->left, seen->height, seen->width};
  if (x_falls(stored->orientation)) b.left = stored->width - b.left - b.width;
  if (y_falls(stored->orientation)) b.top = stored->height - b.top - b.height;
  return b;
}

static void turn_pixels(const dla_pixels *from, int orientation, uint8_t *to, int width, int height)
{
  const bool side = on_its_side(orientation);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++, to += 3) {
      const int sx = side ? y : x, sy = side ? x : y;
      const int column = x_falls(orientation) ? from->width - 1 - sx : sx;
      const int row = y_falls(orientation) ? from->height - 1 - sy : sy;
      memcpy(to, from->rgb + (size_t)row * from->stride + 3 * (size_t)column, 3);
    }
}

/* Turns the part's edges together with the pixels. */
static void turn_part(dla_pixels *p, int orientation, int width, int height)
{
  const dla_pixels old = *p;
  double x[2] = {old.left, old.right}, y[2] = {old.top, old.bottom};
  if (x_falls(orientation)) {
    x[0] = old.width - old.right;
    x[1] = old.width - old.left;
  }
  if (y_falls(orientation)) {
    y[0] = old.height - old.bottom;
    y[1] = old.height - old.top;
  }
  const bool side = on_its_side(orientation);
  p->left = side ? y[0] : x[0];
  p->right = side ? y[1] : x[1];
  p->top = side ? x[0] : y[0];
  p->bottom = side ? x[1] : y[1];
  p->width = width;
  p->height = height;
}

static dla_status turn(dla_reader *reader, int orientation, const char *name, dla_pixels *pixels,
                       dla_error *err)
{
  const bool side = on_its_side(orientation);
  const int width = side ? pixels->height : pixels->width;
  const int height = side ? pixels->width : pixels->height;
  const size_t stride = 3 * (size_t)width;
  uint8_t *to = dla_room_for(&reader->turned, stride * (size_t)height);
  if (!to) return dla_fail_memory(err, name);
  turn_pixels(pixels, orientation, to, width, height);
  turn_part(pixels, orientation, width, height);
  pixels->rgb = to;
  pixels->stride = stride;
  return DLA_OK;
}

/* How much smaller the picture may be decoded. */
static int shrink_of(const dla_codec *codec, const dla_picture_request *request,
                     const dla_box *seen)
{
  if (!codec->shrinks || request->width <= 0 || request->height <= 0) return 1;
  int shrink = 8;
  while (shrink > 1 && (seen->width < (int64_t)DLA_SHRINK * request->width * shrink ||
                        seen->height < (int64_t)DLA_SHRINK * request->height * shrink))
    shrink /= 2;
  return shrink;
}

/* A resize has a weight for every pixel of a side. */
enum { SIDE_MAX = 1 << 20 };

static dla_status check(const dla_coded *coded, const dla_picture_info *info, int64_t max_pixels,
                        dla_box *box, dla_error *err)
{
  const int64_t pixels = (int64_t)info->width * info->height;
  if (max_pixels <= 0) max_pixels = DLA_MAX_PIXELS;
  if (info->width > SIDE_MAX || info->height > SIDE_MAX)
    return dla_fail(err, DLA_E_INPUT, coded->name, "cut it",
                    "the picture has %d x %d pixels, more than %d on a side", info->width,
                    info->height, SIDE_MAX);
  if (pixels > max_pixels)
    return dla_fail(err, DLA_E_INPUT, coded->name, "shrink it, or raise dataset.max_pixels",
                    "the picture has %d x %d pixels, more than %lld", info->width, info->height,
                    (long long)max_pixels);
  if (box->width == 0) *box = (dla_box){0, 0, info->width, info->height};
  if (box->left < 0 || box->top < 0 || box->width < 1 || box->height < 1 ||
      box->left > info->width - box->width || box->top > info->height - box->height)
    return dla_fail(err, DLA_E_INTERNAL, coded->name, NULL,
                    "a part of %d x %d at (%d, %d) does not lie in a picture of %d x %d",
                    box->width, box->height, box->left, box->top, info->width, info->height);
  return DLA_OK;
}

dla_status dla_picture_decode(dla_reader *reader, const void *bytes, size_t size, const char *name,
                              const dla_picture_request *request, dla_pixels *pixels,
                              dla_error *err)
{
  const dla_coded coded = {bytes, size, name};
  const dla_codec *codec;
  dla_stored stored;
  TRY(probe(&coded, &codec, &stored, err));
  const dla_picture_info info = info_of(codec, &stored);
  dla_box seen = request->box;
  TRY(check(&coded, &info, request->max_pixels, &seen, err));
  const dla_part_request part = {stored_box(&seen, &stored), shrink_of(codec, request, &seen)};
  TRY(codec->decode(&coded, &part, &reader->decoded, pixels, err));
  return stored.orientation == 1 ? DLA_OK : turn(reader, stored.orientation, name, pixels, err);
}
