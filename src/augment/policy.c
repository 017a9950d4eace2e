/* torchvision's _apply_op(), with Pillow's ImageOps and ImageEnhance.Sharpness, and the choice of
 * ops. */
#include "augment/policy.h"

#include <math.h>
#include <string.h>

#include "augment/pictures.h"

enum { LEVELS = 256 };

static size_t bytes_of(int width, int height)
{
  return 3 * (size_t)width * (size_t)height;
}

static void identity(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  (void)magnitude;
  memcpy(out, in, bytes_of(width, height));
}

/* ---- Ops that move pixels ---- */

static void shear_x(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  dla_affine((double[6]){1, magnitude, 0, 0, 1, 0}, in, width, height, out);
}

static void shear_y(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  dla_affine((double[6]){1, 0, 0, magnitude, 1, 0}, in, width, height, out);
}

static void translate_x(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  dla_affine((double[6]){1, 0, -trunc(magnitude), 0, 1, 0}, in, width, height, out);
}

static void translate_y(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  dla_affine((double[6]){1, 0, 0, 0, 1, -trunc(magnitude)}, in, width, height, out);
}

/* ---- Ops that change colours: factors around 1 ---- */

typedef void adjust(uint8_t *rgb, size_t pixels, float factor);

static void adjust_copy(adjust *by, double magnitude, const uint8_t *in, int width, int height,
                        uint8_t *out)
{
  identity(0, in, width, height, out);
  by(out, (size_t)width * (size_t)height, (float)(1.0 + magnitude));
}

static void brightness(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  adjust_copy(dla_adjust_brightness, magnitude, in, width, height, out);
}

static void color(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  adjust_copy(dla_adjust_saturation, magnitude, in, width, height, out);
}

static void contrast(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  adjust_copy(dla_adjust_contrast, magnitude, in, width, height, out);
}

/* ImageFilter.SMOOTH: five times the pixel plus its eight neighbours, over 13, rounded. */
static int smooth(const uint8_t *at, ptrdiff_t row)
{
  int sum = 4 * at[0];
  for (int y = -1; y <= 1; y++)
    sum += at[y * row - 3] + at[y * row] + at[y * row + 3];
  return (2 * sum + 13) / 26;
}

/* The outermost pixels stay as they are. */
static void sharpness(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  const ptrdiff_t row = 3 * (ptrdiff_t)width;
  identity(0, in, width, height, out);
  for (int y = 1; y < height - 1; y++)
    for (ptrdiff_t i = y * row + 3; i < (y + 1) * row - 3; i++)
      out[i] = dla_blend(smooth(in + i, row), in[i], (float)(1.0 + magnitude));
}

/* ---- Ops that change colours: tables ---- */

static void look_up(uint8_t table[3][LEVELS], const uint8_t *in, int width, int height,
                    uint8_t *out)
{
  for (size_t i = 0; i < bytes_of(width, height); i++)
    out[i] = table[i % 3][in[i]];
}

/* Counts the pixels of each level. */
static void count_levels(const uint8_t *in, int width, int height, uint32_t count[3][LEVELS])
{
  memset(count, 0, 3 * sizeof *count);
  for (size_t i = 0; i < bytes_of(width, height); i++)
    count[i % 3][in[i]]++;
}

static int lowest(const uint32_t count[LEVELS])
{
  int i = 0;
  while (!count[i])
    i++;
  return i;
}

static int highest(const uint32_t count[LEVELS])
{
  int i = LEVELS - 1;
  while (!count[i])
    i--;
  return i;
}

static void posterize(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  const int bits = (int)nearbyint(magnitude);
  for (size_t i = 0; i < bytes_of(width, height); i++)
    out[i] = (uint8_t)(in[i] & 0xff << (8 - bits));
}

static void solarize(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  for (size_t i = 0; i < bytes_of(width, height); i++)
    out[i] = in[i] < magnitude ? in[i] : (uint8_t)(LEVELS - 1 - in[i]);
}

static void auto_contrast(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  uint32_t count[3][LEVELS];
  uint8_t table[3][LEVELS];
  (void)magnitude;
  count_levels(in, width, height, count);
  for (int c = 0; c < 3; c++) {
    const int low = lowest(count[c]), high = highest(count[c]);
    const double scale = high > low ? 255.0 / (high - low) : 1;
    const double offset = high > low ? -low * scale : 0;
    for (int i = 0; i < LEVELS; i++) {
      const double level = i * scale + offset;
      table[c][i] = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
    }
  }
  look_up(table, in, width, height, out);
}

static void equalize(double magnitude, const uint8_t *in, int width, int height, uint8_t *out)
{
  uint32_t count[3][LEVELS];
  uint8_t table[3][LEVELS];
  const uint32_t pixels = (uint32_t)width * (uint32_t)height;
  (void)magnitude;
  count_levels(in, width, height, count);
  for (int c = 0; c < 3; c++) {
    const uint32_t step = (pixels - count[c][highest(count[c])]) / 255;
    uint32_t below = step / 2;
    for (int i = 0; i < LEVELS; below += count[c][i++]) {
      const uint32_t level = step ? below / step : (uint32_t)i;
      table[c][i] = (uint8_t)(level < 255 ? level : 255);
    }
  }
  look_up(table, in, width, height, out);
}

/* ---- Choosing ops ---- */

#define RAND_SIDE (150.0 / 331.0)

/* clang-format off */
const dla_policy_op dla_policy_ops[DLA_POLICY_OPS] = {
    {"Identity", .apply = identity},
    {"ShearX", .last = {0.3, 0.99}, .either_sign = true, .apply = shear_x},
    {"ShearY", .last = {0.3, 0.99}, .either_sign = true, .apply = shear_y},
    {"TranslateX", .last = {RAND_SIDE, 32}, .either_sign = true, .of_the_width = true,
     .apply = translate_x},
    {"TranslateY", .last = {RAND_SIDE, 32}, .either_sign = true, .of_the_height = true,
     .apply = translate_y},
    {"Rotate", .last = {30, 135}, .either_sign = true, .apply = dla_rotate},
    {"Brightness", .last = {0.9, 0.99}, .either_sign = true, .apply = brightness},
    {"Color", .last = {0.9, 0.99}, .either_sign = true, .apply = color},
    {"Contrast", .last = {0.9, 0.99}, .either_sign = true, .apply = contrast},
    {"Sharpness", .last = {0.9, 0.99}, .either_sign = true, .apply = sharpness},
    {"Posterize", .first = 8, .last = {4, 2}, .apply = posterize},
    {"Solarize", .first = 255, .last = {0, 0}, .apply = solarize},
    {"AutoContrast", .apply = auto_contrast},
    {"Equalize", .apply = equalize},
};
/* clang-format on */

double dla_policy_magnitude(const dla_policy_op *op, dla_policy_kind kind, int bin, int width,
                            int height)
{
  const bool rand = kind == DLA_POLICY_RAND_AUGMENT;
  const int side = !rand ? 1 : op->of_the_width ? width : op->of_the_height ? height : 1;
  /* Like torch.linspace() in float, which counts from both ends. */
  const float first = (float)op->first, last = (float)(op->last[rand ? 0 : 1] * side);
  const float step = (last - first) / DLA_MAGNITUDE_MAX;
  const float up = step * (float)bin, down = step * (float)(DLA_MAGNITUDE_MAX - bin);
  return bin < (DLA_MAGNITUDE_MAX + 1) / 2 ? first + up : last - down;
}

uint8_t *dla_apply_policy(const dla_policy *policy, dla_random *random, int width, int height,
                          uint8_t *rgb, uint8_t *other)
{
  const bool rand = policy->kind == DLA_POLICY_RAND_AUGMENT;
  for (int i = 0; i < (rand ? policy->num_ops : 1); i++) {
    const dla_policy_op *op = &dla_policy_ops[dla_random_below(random, DLA_POLICY_OPS)];
    const int drawn = (int)dla_random_below(random, DLA_MAGNITUDE_MAX + 1);
    const int sign = dla_random_below(random, 2) && op->either_sign ? -1 : 1;
    const double magnitude =
        dla_policy_magnitude(op, policy->kind, rand ? policy->magnitude : drawn, width, height);
    uint8_t *made = other;
    op->apply(sign * magnitude, rgb, width, height, made);
    other = rgb;
    rgb = made;
  }
  return rgb;
}
