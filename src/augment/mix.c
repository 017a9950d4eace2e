#include "augment/mix.h"

#include <math.h>
#include <string.h>

#include "augment/pictures.h"

#define TWO_PI 6.283185307179586

/* A normal number, by Box and Muller. */
static double normal(dla_random *random)
{
  const double radius = sqrt(-2 * log1p(-dla_random_double(random)));
  return radius * cos(TWO_PI * dla_random_double(random));
}

/* The logarithm of a number from Gamma(shape); the number itself may be too small for a double. It
 * is a number from Gamma(shape + 1), by Marsaglia and Tsang, "A Simple Method for Generating Gamma
 * Variables" (TOMS 2000), times a uniform number to the power of 1 / shape. */
static double log_gamma(dla_random *random, double shape)
{
  const double d = shape + 1 - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    const double x = normal(random), v = pow(1 + c * x, 3);
    const double u = log1p(-dla_random_double(random));
    if (v > 0 && u < 0.5 * x * x + d - d * v + d * log(v))
      return log(d * v) + log1p(-dla_random_double(random)) / shape;
  }
}

double dla_random_beta(dla_random *random, double alpha)
{
  const double a = log_gamma(random, alpha), b = log_gamma(random, alpha);
  return 1 / (1 + exp(b - a));
}

/* Draws a box with 1 - lambda of the area, around any pixel. Parts outside the image are cut off,
 * and lambda is adjusted. */
static void draw_box(dla_mix *mix, dla_random *random, int height, int width)
{
  const double half = 0.5 * sqrt(1 - mix->lambda);
  const int x = (int)dla_random_below(random, (uint32_t)width), w = (int)(half * width);
  const int y = (int)dla_random_below(random, (uint32_t)height), h = (int)(half * height);
  mix->box.left = dla_clamp(x - w, width);
  mix->box.top = dla_clamp(y - h, height);
  mix->box.width = dla_clamp(x + w, width) - mix->box.left;
  mix->box.height = dla_clamp(y + h, height) - mix->box.top;
  mix->lambda = 1 - (double)mix->box.width * mix->box.height / ((double)width * height);
}

dla_mix dla_draw_mix(double mixup, double cutmix, dla_random *random, int height, int width)
{
  const bool both = mixup > 0 && cutmix > 0;
  dla_mix mix = {.cut = both ? dla_random_below(random, 2) != 0 : cutmix > 0};
  mix.lambda = dla_random_beta(random, mix.cut ? cutmix : mixup);
  if (mix.cut) draw_box(&mix, random, height, width);
  return mix;
}

static void blend(float *images, size_t size, float lambda)
{
  const float rest = 1 - lambda, *before = images - size;
  for (size_t i = 0; i < size; i++)
    images[i] = images[i] * lambda + before[i] * rest;
}

static void paste(const dla_box *box, float *image, size_t size, int channels, int height,
                  int width)
{
  const float *before = image - size;
  for (int c = 0; c < channels; c++)
    for (int y = box->top; y < box->top + box->height; y++) {
      const size_t at =
          ((size_t)c * (size_t)height + (size_t)y) * (size_t)width + (size_t)box->left;
      memcpy(image + at, before + at, (size_t)box->width * sizeof *image);
    }
}

void dla_mix_images(const dla_mix *mix, float *images, size_t count, int channels, int height,
                    int width)
{
  const size_t size = (size_t)channels * (size_t)height * (size_t)width;
  /* From the last to the first, so that the image before is still unchanged. */
  for (size_t i = count; i > 0; i--)
    if (mix->cut)
      paste(&mix->box, images + i * size, size, channels, height, width);
    else
      blend(images + i * size, size, (float)mix->lambda);
}
