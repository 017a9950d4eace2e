/* A network's input as a small picture for people. */
#ifndef DLA_THUMBNAIL_H
#define DLA_THUMBNAIL_H

#include <stdint.h>

#include "base/strbuf.h"
#include "dla/tensor.h"
#include "train/self.h"

enum { DLA_THUMBNAIL_SIDE = 64 }; /* at most */

typedef struct dla_thumbnail {
  int width, height, channels;                                 /* 1 or 3 */
  uint8_t pixels[3 * DLA_THUMBNAIL_SIDE * DLA_THUMBNAIL_SIDE]; /* interleaved */
} dla_thumbnail;

/* image: [C][H][W], normalised. A larger image is reduced to means over equal boxes. Of two or
 * four channels, only the first one or three are shown. */
void dla_thumbnail_make(const float *image, const dla_shape *shape,
                        const dla_normalization *normalization, dla_thumbnail *thumbnail);

/* Appends it as a base64 PNG. */
void dla_thumbnail_write(const dla_thumbnail *thumbnail, dla_strbuf *out);

#endif
