/* From 8-bit images to the network's input: centre, pad, crop at random, flip at random, normalise.
 *
 * The same as torchvision's RandomCrop(size, padding), RandomHorizontalFlip(), ToTensor() and
 * Normalize(mean, std) in this order: the padding is black, that is zero before normalisation. */
#ifndef DLA_AUGMENT_AUGMENT_H
#define DLA_AUGMENT_AUGMENT_H

#include "dla/loader.h"

typedef struct dla_augment {
  int channels, height, width; /* of the epoch under way */
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
  double scale_of_epoch;     /* of height and width; 1: they are those asked for */
  float value[4][256];       /* of a pixel, per channel */
  float scale[4], offset[4]; /* the same but for the last bit: pixel * scale + offset */
} dla_augment;

/* Where an image lands: its pixel (y, x) becomes (y - top, x - left) of the result, and the result
 * is mirrored then. */
typedef struct dla_placement {
  int top, left;
  bool mirrored;
} dla_placement;

/* Fails (DLA_E_INPUT) if the images do not fit into the batches. */
dla_status dla_augment_init(dla_augment *augment, const dla_dataset *dataset,
                            const dla_loader_options *options, dla_error *err);

/* Sets what the epoch's images are like: their size, and what goes with it. `full` is what
 * dla_augment_init() set. */
void dla_augment_begin(dla_augment *augment, const dla_augment *full,
                       const dla_progressive *progressive, uint64_t epoch);

/* Is the sample mirrored? A function of (seed, epoch, sample). */
bool dla_augment_mirrors(const dla_augment *augment, uint64_t epoch, uint32_t sample);

/* A function of the picture's size and (seed, epoch, sample). */
dla_placement dla_augment_place(const dla_augment *augment, const dla_picture *picture,
                                uint64_t epoch, uint32_t sample);

/* out: [channels][height][width]. */
void dla_augment_image(const dla_augment *augment, dla_placement placement,
                       const dla_picture *picture, float *out);

#endif
