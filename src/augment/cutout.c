#include <string.h>

#include "augment/pictures.h"

void dla_cutout(int side, dla_random *random, float *planes, int channels, int height, int width)
{
  const int top = (int)dla_random_below(random, (uint32_t)height) - side / 2;
  const int left = (int)dla_random_below(random, (uint32_t)width) - side / 2;
  const int from = dla_clamp(left, width), to = dla_clamp(left + side, width);
  for (int c = 0; c < channels; c++)
    for (int y = dla_clamp(top, height); y < dla_clamp(top + side, height); y++)
      memset(planes + ((ptrdiff_t)c * height + y) * width + from, 0,
             (size_t)(to - from) * sizeof *planes);
}
