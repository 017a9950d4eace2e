#include "train/thumbnail.h"

#include "base/base64.h"
#include "base/png.h"

/* The side of the box of pixels that becomes one pixel. */
static int64_t box_of(int64_t side)
{
  return (side + DLA_THUMBNAIL_SIDE - 1) / DLA_THUMBNAIL_SIDE;
}

static uint8_t to_byte(double value)
{
  const double byte = 255 * value + 0.5;
  return byte > 255 ? 255 : byte > 0 ? (uint8_t)byte : 0; /* NaN becomes black */
}

static double mean_of_box(const float *plane, int64_t row, int64_t box)
{
  double sum = 0;
  for (int64_t y = 0; y < box; y++)
    for (int64_t x = 0; x < box; x++)
      sum += (double)plane[y * row + x];
  return sum / (double)(box * box);
}

void dla_thumbnail_make(const float *image, const dla_shape *shape,
                        const dla_normalization *normalization, dla_thumbnail *t)
{
  const int64_t height = shape->dim[1], width = shape->dim[2];
  const int64_t box = box_of(height > width ? height : width);
  uint8_t *to = t->pixels;
  t->channels = shape->dim[0] < 3 ? 1 : 3;
  t->width = (int)(width / box);
  t->height = (int)(height / box);
  for (int64_t y = 0; y < t->height; y++)
    for (int64_t x = 0; x < t->width; x++)
      for (int c = 0; c < t->channels; c++) {
        const float *from = image + (c * height + y * box) * width + x * box;
        *to++ = to_byte(mean_of_box(from, width, box) * (double)normalization->std[c] +
                        (double)normalization->mean[c]);
      }
}

void dla_thumbnail_write(const dla_thumbnail *t, dla_strbuf *out)
{
  dla_strbuf png = {0};
  dla_png_write(t->pixels, t->width, t->height, t->channels, &png);
  dla_base64_write(dla_strbuf_text(&png), png.length, out);
  out->failed |= dla_strbuf_done(&png);
}
