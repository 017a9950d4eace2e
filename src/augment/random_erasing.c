#include <math.h>
#include <string.h>

#include "augment/pictures.h"

/* torchvision's defaults: the part of the picture's area, and the aspect ratio. */
enum { ATTEMPTS = 10 };
static const double scale[2] = {0.02, 0.33}, ratio[2] = {0.3, 3.3};

void dla_random_erasing(double probability, dla_random *random, float *planes, int channels,
                        int height, int width)
{
  if ((double)dla_random_float(random) >= probability) return;
  for (int i = 0; i < ATTEMPTS; i++) {
    const double area = (double)height * width *
                        (scale[0] + (scale[1] - scale[0]) * (double)dla_random_float(random));
    const double low = log(ratio[0]), high = log(ratio[1]);
    const double aspect = exp(low + (high - low) * (double)dla_random_float(random));
    const int h = (int)nearbyint(sqrt(area * aspect)), w = (int)nearbyint(sqrt(area / aspect));
    if (h < 1 || w < 1 || h >= height || w >= width) continue;
    const int top = (int)dla_random_below(random, (uint32_t)(height - h + 1));
    const int left = (int)dla_random_below(random, (uint32_t)(width - w + 1));
    for (int c = 0; c < channels; c++)
      for (int y = top; y < top + h; y++)
        memset(planes + ((ptrdiff_t)c * height + y) * width + left, 0, (size_t)w * sizeof *planes);
    return;
  }
}
