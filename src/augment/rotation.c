/* Pillow's Image.rotate() with Image.NEAREST: Image.py. */
#include <math.h>

#include "augment/pictures.h"

void dla_rotate(double angle, const uint8_t *in, int width, int height, uint8_t *out)
{
  const double turn = -angle * 0.017453292519943295; /* to radians */
  const double c = cos(turn), s = sin(turn), x0 = width / 2.0, y0 = height / 2.0;
  /* Turns around the middle. */
  const double matrix[6] = {c, s, x0 - c * x0 - s * y0, -s, c, y0 + s * x0 - c * y0};
  dla_affine(matrix, in, width, height, out);
}

void dla_random_rotation(double degrees, dla_random *random, const uint8_t *in, int width,
                         int height, uint8_t *out)
{
  dla_rotate(degrees * (2 * (double)dla_random_float(random) - 1), in, width, height, out);
}
