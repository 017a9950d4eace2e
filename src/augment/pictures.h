/* What training does to a picture, as torchvision.transforms does it to Pillow's images: one file
 * an augmentation, each a pure function of the sample's random numbers and the pixels. Pixels are
 * RGB, interleaved. */
#ifndef DLA_AUGMENT_PICTURES_H
#define DLA_AUGMENT_PICTURES_H

#include "base/philox.h"
#include "dla/loader.h"

/* RandomResizedCrop.get_params(): a part of a picture of that size. */
dla_box dla_random_resized_crop(const dla_random_crop *how, dla_random *random, int width,
                                int height);

/* ColorJitter: brightness, contrast, saturation and hue, in an order by chance. */
void dla_jitter(const dla_color_jitter *how, dla_random *random, uint8_t *rgb, size_t pixels);
/* Its parts, by Pillow's ImageEnhance; the hue as torchvision shifts it, -0.5 to 0.5. */
void dla_adjust_brightness(uint8_t *rgb, size_t pixels, float factor);
void dla_adjust_contrast(uint8_t *rgb, size_t pixels, float factor);
void dla_adjust_saturation(uint8_t *rgb, size_t pixels, float factor);
void dla_adjust_hue(uint8_t *rgb, size_t pixels, float shift);

/* A place along a side, or the side's nearer end. */
static inline int dla_clamp(int at, int size)
{
  return at < 0 ? 0 : at < size ? at : size;
}

/* From zero to in with a factor of 1, and beyond. */
uint8_t dla_blend(int zero, int in, float factor);

/* Pillow's transform(AFFINE) with the nearest pixel: pixel (x, y) comes from (m[0] x + m[1] y +
 * m[2], m[3] x + m[4] y + m[5]); black where there is none. */
void dla_affine(const double m[6], const uint8_t *in, int width, int height, uint8_t *out);

/* RandomRotation(degrees): the nearest pixel, black in the corners. */
void dla_random_rotation(double degrees, dla_random *random, const uint8_t *in, int width,
                         int height, uint8_t *out);
/* Pillow's rotate(angle), against the clock. */
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
