/* Turns 8-bit images into the network's input: centre, pad, random crop, random flip, normalise.
 *
 * It does the same as torchvision's RandomCrop(size, padding), RandomHorizontalFlip(), ToTensor()
 * and Normalize(mean, std), in this order. The padding is black: zero before the normalisation. */
#ifndef DLA_AUGMENT_AUGMENT_H
#define DLA_AUGMENT_AUGMENT_H

#include "dla/loader.h"

typedef struct dla_augment {
  int channels, height, width; /* in the current epoch */
  int crop_padding;
  dla_flip flip;
  dla_crop crop;
  dla_random_crop random_crop;
  int resize;
  dla_policy policy;
  dla_color_jitter jitter;
  double rotation, random_erasing;
  int cutout;
  uint64_t seed;
  double scale_of_epoch;     /* of height and width against the full size; 1: full size */
  float value[4][256];       /* the normalised value of a pixel, by channel */
  float scale[4], offset[4]; /* pixel * scale + offset gives the same except for the last bit */
} dla_augment;

/* Where an image goes. Its pixel (y, x) becomes (y - top, x - left) of the result; then the result
 * is mirrored. */
typedef struct dla_placement {
  int top, left;
  bool mirrored;
} dla_placement;

/* Fails (DLA_E_INPUT) if the images do not fit into the batches. */
dla_status dla_augment_init(dla_augment *augment, const dla_dataset *dataset,
                            const dla_loader_options *options, dla_error *err);

/* Sets the size of the epoch's images, and what depends on it. `full` is the result of
 * dla_augment_init(). */
void dla_augment_begin(dla_augment *augment, const dla_augment *full,
                       const dla_progressive *progressive, uint64_t epoch);

/* Whether the sample is mirrored: depends on (seed, epoch, sample) only. */
bool dla_augment_mirrors(const dla_augment *augment, uint64_t epoch, uint32_t sample);

/* Depends on the picture's size and (seed, epoch, sample) only. */
dla_placement dla_augment_place(const dla_augment *augment, const dla_picture *picture,
                                uint64_t epoch, uint32_t sample);

/* out: [channels][height][width]. */
void dla_augment_image(const dla_augment *augment, dla_placement placement,
                       const dla_picture *picture, float *out);

#endif
