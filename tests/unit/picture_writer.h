/* Pictures' files for tests, written by the libraries that read them. */
#ifndef DLA_TESTS_PICTURE_WRITER_H
#define DLA_TESTS_PICTURE_WRITER_H

#include <stddef.h>
#include <stdint.h>

typedef struct written_picture {
  uint8_t *bytes; /* free() it */
  size_t size;
} written_picture;

/* The picture of tests/golden/make_pillow.py: [height][width][3]; free() it. */
uint8_t *make_rgb(int width, int height);

/* EXIF wants the orientation as a short; some programs write a long. */
enum { AS_LONG = 1 << 16 };

typedef struct jpeg_kind {
  int components; /* 1, 3 or 4 (CMYK) */
  int h, v;       /* the sampling of the first one: 2, 1 is 4:2:2; 1, 2 is 4:4:0 */
  int progressive, quality, ycck;
  int orientation; /* EXIF's, perhaps with AS_LONG; -1: no EXIF */
} jpeg_kind;

written_picture write_jpeg(const uint8_t *rgb, int width, int height, const jpeg_kind *kind);
/* color_type and depth as in the PNG's header; channels of `pixels` as it says. Palette: 4 colours.
 */
written_picture write_png(const void *pixels, int width, int height, int color_type, int depth,
                          int interlaced);
/* Lossless. */
written_picture write_webp(const uint8_t *rgba, int width, int height);

#endif
