/* Writes small pictures as PNG files, for pages. It uses zlib alone, because a build may lack the
 * PNG library of src/picture. */
#ifndef DLA_BASE_PNG_H
#define DLA_BASE_PNG_H

#include <stdint.h>

#include "base/strbuf.h"

/* Appends the file. pixels: [height][width][channels], interleaved. channels: 1 grey, 2 grey and
 * alpha, 3 RGB, 4 RGBA. A failed allocation sets out->failed. */
void dla_png_write(const uint8_t *pixels, int width, int height, int channels, dla_strbuf *out);

#endif
