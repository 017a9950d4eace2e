/* The picture formats. Each knows its first bytes, reads the header, and decodes. A new format is a
 * file and a row in codec.c. */
#ifndef DLA_PICTURE_CODEC_H
#define DLA_PICTURE_CODEC_H

#include "dla/picture.h"

/* A file's bytes, and its name. */
typedef struct dla_coded {
  const uint8_t *bytes;
  size_t size;
  const char *name; /* for errors */
} dla_coded;

/* The size as the file stores it, before the orientation is applied. */
typedef struct dla_stored {
  int width, height, orientation;
} dla_stored;

/* What to decode: a part of the stored picture. The whole is decoded at 1/shrink of its size. */
typedef struct dla_part_request {
  dla_box box;
  int shrink; /* 1, 2, 4 or 8; only JPEG looks at it */
} dla_part_request;

typedef struct dla_codec {
  const char *name;
  const char *package; /* Debian's package of the library */
  bool (*is)(const uint8_t *bytes, size_t size);
  /* Both are NULL if this build lacks the library. */
  dla_status (*probe)(const dla_coded *coded, dla_stored *stored, dla_error *err);
  dla_status (*decode)(const dla_coded *coded, const dla_part_request *part, dla_room *room,
                       dla_pixels *pixels, dla_error *err);
  /* Whether a file of `size` bytes ends as it must. */
  bool (*ends)(const dla_coded *head, const dla_coded *tail, uint64_t size);
  bool shrinks;
} dla_codec;

extern const dla_codec dla_codec_jpeg, dla_codec_png, dla_codec_webp, dla_codec_bmp, dla_codec_pnm;

/* Returns NULL and sets the error if there is none. */
const dla_codec *dla_codec_of(const dla_coded *coded, dla_error *err);

/* a * b / 255, rounded as in Pillow (MULDIV255). */
static inline unsigned dla_scale_255(unsigned a, unsigned b)
{
  const unsigned t = a * b + 128;
  return ((t >> 8) + t) >> 8;
}

/* Turns RGBA into RGB over white, in place. */
void dla_over_white(uint8_t *rgba, size_t pixels);

/* The orientation in EXIF data, which begins with TIFF's header. 1 if there is none, or it is
 * invalid. */
int dla_exif_orientation(const uint8_t *tiff, size_t size);

#endif
