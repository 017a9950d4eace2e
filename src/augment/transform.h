/* Takes one sample from its source to the network's input: decode, crop, resize, augment,
 * normalise. */
#ifndef DLA_AUGMENT_TRANSFORM_H
#define DLA_AUGMENT_TRANSFORM_H

#include "augment/augment.h"

/* The working memory of one thread; begins as (dla_hand){0}. */
typedef struct dla_hand {
  dla_reader *reader;
  dla_room source, rgb, other, small;
} dla_hand;

/* out: [channels][height][width]. Depends on the picture and (seed, epoch, sample) only. */
dla_status dla_transform_sample(const dla_augment *augment, const dla_dataset *dataset,
                                uint64_t epoch, uint32_t sample, dla_hand *hand, float *out,
                                dla_error *err);

void dla_hand_free(dla_hand *hand);

#endif
