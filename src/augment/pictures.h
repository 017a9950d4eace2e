/* The augmentations of pictures, as torchvision.transforms does them to Pillow's images. There is
 * one file for each. Each is a pure function of the sample's random numbers and the pixels. Pixels
 * are RGB, interleaved. */
#ifndef DLA_AUGMENT_PICTURES_H
#define DLA_AUGMENT_PICTURES_H

#include "base/philox.h"
#include "dla/loader.h"

/* RandomResizedCrop.get_params(): a random part of a picture of that size. */
dla_box dla_random_resized_crop(const dla_random_crop *how, dla_random *random, int width,
                                int height);

/* ColorJitter: brightness, contrast, saturation and hue, in random order. */
void dla_jitter(const dla_color_jitter *how, dla_random *random, uint8_t *rgb, size_t pixels);
/* Its parts, by Pillow's ImageEnhance. The hue is shifted as in torchvision, by -0.5 to 0.5. */
void dla_adjust_brightness(uint8_t *rgb, size_t pixels, float factor);
void dla_adjust_contrast(uint8_t *rgb, size_t pixels, float factor);
void dla_adjust_saturation(uint8_t *rgb, size_t pixels, float factor);
void dla_adjust_hue(uint8_t *rgb, size_t pixels, float shift);

/* Clamps a place along a side to 0..size. */
static inline int dla_clamp(int at, int size)
{
  return at < 0 ? 0 : at < size ? at : size;
}

/* Blends from `zero` (factor 0) to `in` (factor 1), and beyond. */
uint8_t dla_blend(int zero, int in, float factor);

/* Pillow's transform(AFFINE) with the nearest pixel: pixel (x, y) comes from (m[0] x + m[1] y +
 * m[2], m[3] x + m[4] y + m[5]). It is black if that is outside. */
void dla_affine(const double m[6], const uint8_t *in, int width, int height, uint8_t *out);

/* RandomRotation(degrees), with the nearest pixel; the corners are black. */
void dla_random_rotation(double degrees, dla_random *random, const uint8_t *in, int width,
                         int height, uint8_t *out);
/* Pillow's rotate(angle), counterclockwise. */
void dla_rotate(double angle, const uint8_t *in, int width, int height, uint8_t *out);

/* RandomErasing(p): a rectangle becomes zero, which is the mean. planes: [channels][height][width],
 * normalised. */
void dla_random_erasing(double probability, dla_random *random, float *planes, int channels,
                        int height, int width);

/* DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout" (arXiv
 * 1708.04552): a square of `side` pixels becomes zero. Its middle is anywhere in the picture, so
 * part of it may lie outside. planes: as above. */
void dla_cutout(int side, dla_random *random, float *planes, int channels, int height, int width);

#endif
