/* Pillow's Image.transform(AFFINE) with Image.NEAREST: affine_fixed() of Geometry.c. */
#include <math.h>
#include <string.h>

#include "augment/pictures.h"

static int64_t fixed(double value)
{
  return (int64_t)floor(value * 65536.0 + 0.5);
}

void dla_affine(const double m[6], const uint8_t *in, int width, int height, uint8_t *out)
{
  const int64_t across[2] = {fixed(m[0]), fixed(m[3])}, down[2] = {fixed(m[1]), fixed(m[4])};
  int64_t row_x = fixed(m[2] + 0.5 * m[0] + 0.5 * m[1]);
  int64_t row_y = fixed(m[5] + 0.5 * m[3] + 0.5 * m[4]);
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
