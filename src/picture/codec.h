/* The formats of pictures: each knows its first bytes, reads its header, and decodes. A new one is
 * a file and a row in codec.c. */
#ifndef DLA_PICTURE_CODEC_H
#define DLA_PICTURE_CODEC_H

#include "dla/picture.h"

/* A file's bytes, and where they are from. */
typedef struct dla_coded {
  const uint8_t *bytes;
  size_t size;
  const char *name; /* for errors */
} dla_coded;

/* As the file has it, before the orientation. */
typedef struct dla_stored {
  int width, height, orientation;
} dla_stored;

/* What to decode: a part of the stored picture, all of it at 1/shrink of its size. */
typedef struct dla_part_request {
  dla_box box;
  int shrink; /* 1, 2, 4 or 8; other formats than JPEG take it for 1 */
} dla_part_request;

typedef struct dla_codec {
  const char *name;
  const char *package; /* Debian's, of the library */
  bool (*is)(const uint8_t *bytes, size_t size);
  /* NULL, both: this build lacks the library. */
  dla_status (*probe)(const dla_coded *coded, dla_stored *stored, dla_error *err);
  dla_status (*decode)(const dla_coded *coded, const dla_part_request *part, dla_room *room,
                       dla_pixels *pixels, dla_error *err);
  /* Does a file of `size` bytes end as it has to? */
  bool (*ends)(const dla_coded *head, const dla_coded *tail, uint64_t size);
  bool shrinks;
} dla_codec;

extern const dla_codec dla_codec_jpeg, dla_codec_png, dla_codec_webp;

/* NULL, and the error, where there is none. */
const dla_codec *dla_codec_of(const dla_coded *coded, dla_error *err);

/* Do the bytes start like a picture of a format that is not read? Its name and what to do, or NULL.
 */
const char *dla_foreign_picture(const uint8_t *bytes, size_t size, const char **hint);

/* a * b / 255, rounded, as Pillow does it (MULDIV255). */
static inline unsigned dla_scale_255(unsigned a, unsigned b)
{
  const unsigned t = a * b + 128;
  return ((t >> 8) + t) >> 8;
}

/* rgba becomes rgb, in place, over white. */
void dla_over_white(uint8_t *rgba, size_t pixels);

/* The value of the orientation in EXIF data, which begins with TIFF's header; 1 where there is none
 * or it is none. */
int dla_exif_orientation(const uint8_t *tiff, size_t size);

#endif
