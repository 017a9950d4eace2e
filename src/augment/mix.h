/* mixup (Zhang et al., arXiv 1710.09412) and CutMix (Yun et al., arXiv 1905.04899) as torchvision's
 * transforms.MixUp and CutMix have them: each image of a batch is mixed with the one before it, the
 * first with the last, all in the same way. */
#ifndef DLA_AUGMENT_MIX_H
#define DLA_AUGMENT_MIX_H

#include "base/philox.h"
#include "dla/picture.h"

/* How a batch is mixed. */
typedef struct dla_mix {
  double lambda; /* an image's share of the result, and so its label's of the target */
  bool cut;      /* CutMix; else mixup */
  dla_box box;   /* of CutMix: what comes from the other image, perhaps nothing */
} dla_mix;

/* From Beta(alpha, alpha), alpha > 0. */
double dla_random_beta(dla_random *random, double alpha);

/* mixup, cutmix: each one's alpha, at least one above 0; where both are, chance takes one. random:
 * the batch's. */
dla_mix dla_draw_mix(double mixup, double cutmix, dla_random *random, int height, int width);

/* images: [1 + count][channels][height][width]: the image before the first, which stays as it is,
 * and the batch. */
void dla_mix_images(const dla_mix *mix, float *images, size_t count, int channels, int height,
                    int width);

#endif
