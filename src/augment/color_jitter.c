/* Pillow's ImageEnhance (Blend.c) and its HSV (Convert.c), to the bit. */
#include <math.h>

#include "augment/pictures.h"

static uint8_t clip(int value)
{
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

uint8_t dla_blend(int zero, int in, float factor)
{
  const float value = (float)zero + factor * (float)(in - zero);
  return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)value;
}

static int luma(const uint8_t *rgb)
{
  uint8_t grey;
  dla_picture_planes(rgb, 1, 1, &grey);
  return grey;
}

void dla_adjust_brightness(uint8_t *rgb, size_t pixels, float factor)
{
  for (size_t i = 0; i < 3 * pixels; i++)
    rgb[i] = dla_blend(0, rgb[i], factor);
}

void dla_adjust_contrast(uint8_t *rgb, size_t pixels, float factor)
{
  uint64_t sum = 0;
  for (size_t i = 0; i < pixels; i++)
    sum += (uint64_t)luma(rgb + 3 * i);
  const int mean = (int)((double)sum / (double)pixels + 0.5);
  for (size_t i = 0; i < 3 * pixels; i++)
    rgb[i] = dla_blend(mean, rgb[i], factor);
}

void dla_adjust_saturation(uint8_t *rgb, size_t pixels, float factor)
{
  for (size_t i = 0; i < pixels; i++, rgb += 3) {
    const int grey = luma(rgb);
    for (int c = 0; c < 3; c++)
      rgb[c] = dla_blend(grey, rgb[c], factor);
  }
}

typedef struct hsv {
  uint8_t h, s, v;
} hsv;

static hsv to_hsv(const uint8_t *rgb)
{
  const int r = rgb[0], g = rgb[1], b = rgb[2];
  const int most = r > g ? (r > b ? r : b) : (g > b ? g : b);
  const int least = r < g ? (r < b ? r : b) : (g < b ? g : b);
  if (most == least) return (hsv){.v = (uint8_t)most};
  const float span = (float)(most - least), s = span / (float)most;
  const float rc = (float)(most - r) / span, gc = (float)(most - g) / span,
              bc = (float)(most - b) / span;
  float h = r == most ? bc - gc : g == most ? (float)(2.0 + rc - bc) : (float)(4.0 + gc - rc);
  h = (float)fmod(h / 6.0 + 1.0, 1.0);
  return (hsv){clip((int)(h * 255.0)), clip((int)(s * 255.0)), (uint8_t)most};
}

static void to_rgb(hsv in, uint8_t *rgb)
{
  if (in.s == 0) {
    rgb[0] = rgb[1] = rgb[2] = in.v;
    return;
  }
  const int sixth = (int)floor((float)in.h * 6.0 / 255.0);
  const float f = (float)((float)in.h * 6.0 / 255.0 - (float)sixth), s = (float)(in.s / 255.0);
  const float v = in.v;
  const uint8_t p = clip((int)round(v * (1.0 - s))), q = clip((int)round(v * (1.0 - s * f)));
  const uint8_t t = clip((int)round(v * (1.0 - s * (1.0 - f))));
  const uint8_t table[6][3] = {{in.v, t, p}, {q, in.v, p}, {p, in.v, t},
                               {p, q, in.v}, {t, p, in.v}, {in.v, p, q}};
  for (int c = 0; c < 3; c++)
    rgb[c] = table[sixth % 6][c];
}

void dla_adjust_hue(uint8_t *rgb, size_t pixels, float shift)
{
  const uint8_t turn = (uint8_t)(int)(shift * 255);
  for (size_t i = 0; i < pixels; i++, rgb += 3) {
    hsv color = to_hsv(rgb);
    color.h = (uint8_t)(color.h + turn);
    to_rgb(color, rgb);
  }
}

/* A factor around 1, never below 0. */
static float factor(dla_random *random, double amount)
{
  const double low = amount < 1 ? 1 - amount : 0, high = 1 + amount;
  return (float)(low + (high - low) * (double)dla_random_float(random));
}

void dla_jitter(const dla_color_jitter *how, dla_random *random, uint8_t *rgb, size_t pixels)
{
  typedef void adjust(uint8_t *, size_t, float);
  static adjust *const adjusts[4] = {dla_adjust_brightness, dla_adjust_contrast,
                                     dla_adjust_saturation, dla_adjust_hue};
  const double amounts[4] = {how->brightness, how->contrast, how->saturation, how->hue};
  int order[4] = {0, 1, 2, 3};
  float factors[4];
  for (int i = 3; i > 0; i--) {
    const int j = (int)dla_random_below(random, (uint32_t)i + 1), kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  for (int i = 0; i < 3; i++)
    factors[i] = factor(random, amounts[i]);
  factors[3] = (float)(how->hue * (2 * (double)dla_random_float(random) - 1));
  for (int i = 0; i < 4; i++)
    if (amounts[order[i]] > 0) adjusts[order[i]](rgb, pixels, factors[order[i]]);
}
