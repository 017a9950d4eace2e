/* Pillow's Image.rotate() with Image.NEAREST: Image.py, and affine_fixed() of Geometry.c. */
#include <math.h>
#include <string.h>

#include "augment/pictures.h"

static int64_t fixed(double value)
{
  return (int64_t)floor(value * 65536.0 + 0.5);
}

void dla_rotate(double angle, const uint8_t *in, int width, int height, uint8_t *out)
{
  const double turn = -angle * 0.017453292519943295; /* of a circle of 2 pi */
  const double c = cos(turn), s = sin(turn), x0 = width / 2.0, y0 = height / 2.0;
  /* Where pixel (x, y) comes from: the middle stays. */
  const double left = x0 - c * x0 - s * y0, top = y0 + s * x0 - c * y0;
  const int64_t across[2] = {fixed(c), fixed(-s)}, down[2] = {fixed(s), fixed(c)};
  int64_t row_x = fixed(left + 0.5 * c + 0.5 * s), row_y = fixed(top - 0.5 * s + 0.5 * c);
  for (int y = 0; y < height; y++, row_x += down[0], row_y += down[1]) {
    int64_t at_x = row_x, at_y = row_y;
    for (int x = 0; x < width; x++, out += 3, at_x += across[0], at_y += across[1]) {
      const int64_t from_x = at_x >> 16, from_y = at_y >> 16;
      if (from_x >= 0 && from_x < width && from_y >= 0 && from_y < height)
        memcpy(out, in + 3 * (from_y * width + from_x), 3);
      else
        memset(out, 0, 3);
    }
  }
}

void dla_random_rotation(double degrees, dla_random *random, const uint8_t *in, int width,
                         int height, uint8_t *out)
{
  dla_rotate(degrees * (2 * (double)dla_random_float(random) - 1), in, width, height, out);
}
