#include <math.h>

#include "augment/pictures.h"

enum { ATTEMPTS = 10 };

static double between(dla_random *random, double low, double high)
{
  return low + (high - low) * (double)dla_random_float(random);
}

/* A crop in the middle, with the nearest allowed aspect ratio. */
static dla_box middle(const dla_random_crop *how, int width, int height)
{
  const double ratio = (double)width / height;
  dla_box b = {0, 0, width, height};
  if (ratio < how->ratio_min)
    b.height = (int)nearbyint(width / how->ratio_min);
  else if (ratio > how->ratio_max)
    b.width = (int)nearbyint(height * how->ratio_max);
  b.height = b.height < 1 ? 1 : b.height < height ? b.height : height;
  b.width = b.width < 1 ? 1 : b.width < width ? b.width : width;
  b.top = (height - b.height) / 2;
  b.left = (width - b.width) / 2;
  return b;
}

dla_box dla_random_resized_crop(const dla_random_crop *how, dla_random *random, int width,
                                int height)
{
  const double area = (double)width * height;
  for (int i = 0; i < ATTEMPTS; i++) {
    const double target = area * between(random, how->scale_min, how->scale_max);
    const double aspect = exp(between(random, log(how->ratio_min), log(how->ratio_max)));
    const double w = nearbyint(sqrt(target * aspect)), h = nearbyint(sqrt(target / aspect));
    if (w < 1 || h < 1 || w > width || h > height) continue;
    dla_box b = {.width = (int)w, .height = (int)h};
    b.top = (int)dla_random_below(random, (uint32_t)(height - b.height + 1));
    b.left = (int)dla_random_below(random, (uint32_t)(width - b.width + 1));
    return b;
  }
  return middle(how, width, height);
}
