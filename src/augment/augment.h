/* From a sample's 8-bit pixels to the network's input, in one pass: centred on zeros, cropped,
 * flipped, scaled to 0..1, normalised. As torchvision's RandomCrop(size, padding),
 * RandomHorizontalFlip, ToTensor and Normalize: padding is black, that is zero before
 * normalisation. */
#ifndef DLA_AUGMENT_H
#define DLA_AUGMENT_H

#include "dla/loader.h"

typedef struct dla_augment {
  dla_loader_options options;
  int src_channels, src_height, src_width;
  float value[4][256]; /* of each pixel value, per channel of the output */
} dla_augment;

/* How one sample is seen: (top, left) is where the source's corner lies in the output. */
typedef struct dla_augment_draw {
  int top, left;
  bool flip;
} dla_augment_draw;

/* Fails where the images do not fit the network's input. */
dla_status dla_augment_init(dla_augment *augment, const dla_dataset *dataset,
                            const dla_loader_options *options, dla_error *err);
/* What chance gives a sample in an epoch. */
dla_augment_draw dla_augment_draw_at(const dla_augment *augment, uint64_t epoch, uint32_t sample);
/* pixels [src_channels][src_height][src_width] -> out [channels][height][width] */
void dla_augment_apply(const dla_augment *augment, const dla_augment_draw *draw,
                       const uint8_t *pixels, float *out);

#endif
