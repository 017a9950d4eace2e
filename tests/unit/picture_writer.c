#include "picture_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <spng.h>
#include <webp/encode.h>

uint8_t *make_rgb(int width, int height)
{
  uint8_t *rgb = malloc(3 * (size_t)width * (size_t)height), *out = rgb;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      *out++ = (uint8_t)(x * 7 + y * 3);
      *out++ = (uint8_t)(x * x + y * 11);
      *out++ = (uint8_t)(x * y + 40 * (x / 8));
    }
  return rgb;
}

static void write_exif(struct jpeg_compress_struct *c, int orientation)
{
  uint8_t exif[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                    1,   18,  0,   3,   0, 0, 0,   1,   0, 0,  0, 0, 0, 0, 0, 0};
  const int at = orientation & AS_LONG ? 26 : 24;
  if (orientation & AS_LONG) exif[19] = 4;
  exif[at] = (uint8_t)(orientation >> 8);
  exif[at + 1] = (uint8_t)orientation;
  jpeg_write_marker(c, JPEG_APP0 + 1, exif, sizeof exif);
}

written_picture write_jpeg(const uint8_t *rgb, int width, int height, const jpeg_kind *kind)
{
  struct jpeg_compress_struct c;
  struct jpeg_error_mgr errors;
  written_picture out = {0};
  unsigned long size = 0;
  c.err = jpeg_std_error(&errors);
  jpeg_create_compress(&c);
  jpeg_mem_dest(&c, &out.bytes, &size);
  c.image_width = (unsigned)width;
  c.image_height = (unsigned)height;
  c.input_components = kind->components;
  c.in_color_space = kind->components == 1   ? JCS_GRAYSCALE
                     : kind->components == 3 ? JCS_RGB
                                             : JCS_CMYK;
  jpeg_set_defaults(&c);
  if (kind->ycck) jpeg_set_colorspace(&c, JCS_YCCK);
  jpeg_set_quality(&c, kind->quality, TRUE);
  if (kind->components == 3) {
    c.comp_info[0].h_samp_factor = kind->h;
    c.comp_info[0].v_samp_factor = kind->v;
  }
  if (kind->progressive) jpeg_simple_progression(&c);
  jpeg_start_compress(&c, TRUE);
  if (kind->orientation >= 0) write_exif(&c, kind->orientation);
  uint8_t *row = malloc(4 * (size_t)width);
  while (c.next_scanline < c.image_height) {
    const uint8_t *in = rgb + 3 * (size_t)c.next_scanline * (size_t)width;
    for (int x = 0; x < width; x++)
      for (int i = 0; i < kind->components; i++)
        row[x * kind->components + i] = i < 3 ? in[3 * x + i] : 200;
    jpeg_write_scanlines(&c, &row, 1);
  }
  free(row);
  jpeg_finish_compress(&c);
  jpeg_destroy_compress(&c);
  out.size = size;
  return out;
}

written_picture write_png(const void *pixels, int width, int height, int color_type, int depth,
                          int interlaced)
{
  static const int channels[] = {1, 0, 3, 1, 2, 0, 4};
  written_picture out = {0};
  spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
  struct spng_ihdr header = {.width = (uint32_t)width,
                             .height = (uint32_t)height,
                             .bit_depth = (uint8_t)depth,
                             .color_type = (uint8_t)color_type,
                             .interlace_method = (uint8_t)interlaced};
  struct spng_plte palette = {depth > 1 ? 4 : 2,
                              {{255, 0, 0, 0}, {0, 255, 0, 0}, {0, 0, 255, 0}, {10, 20, 30, 0}}};
  const size_t row = ((size_t)width * (size_t)channels[color_type] * (size_t)depth + 7) / 8;
  int code = 0;
  spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1);
  spng_set_ihdr(png, &header);
  if (color_type == 3) spng_set_plte(png, &palette);
  code = spng_encode_image(png, pixels, row * (size_t)height, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
  if (!code) out.bytes = spng_get_png_buffer(png, &out.size, &code);
  if (code) fprintf(stderr, "write_png: %s\n", spng_strerror(code));
  spng_ctx_free(png);
  return out;
}

written_picture write_webp(const uint8_t *rgba, int width, int height)
{
  written_picture out = {0};
  uint8_t *bytes = NULL;
  out.size = WebPEncodeLosslessRGBA(rgba, width, height, 4 * width, &bytes);
  out.bytes = malloc(out.size + 1);
  memcpy(out.bytes, bytes, out.size);
  WebPFree(bytes);
  return out;
}
