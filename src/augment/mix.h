/* mixup (Zhang et al., arXiv 1710.09412) and CutMix (Yun et al., arXiv 1905.04899), as in
 * torchvision's transforms.MixUp and CutMix. Each image of a batch is mixed with the one before it,
 * the first with the last, all in the same way. */
#ifndef DLA_AUGMENT_MIX_H
#define DLA_AUGMENT_MIX_H

#include "base/philox.h"
#include "dla/picture.h"

/* How a batch is mixed. */
typedef struct dla_mix {
  double lambda; /* the image's share of the result, and its label's share of the target */
  bool cut;      /* CutMix; else mixup */
  dla_box box;   /* CutMix: the part that comes from the other image; may be empty */
} dla_mix;

/* A number from Beta(alpha, alpha), alpha > 0. */
double dla_random_beta(dla_random *random, double alpha);

/* mixup and cutmix are the alphas; at least one is above 0. If both are, chance picks one. random:
 * the batch's. */
dla_mix dla_draw_mix(double mixup, double cutmix, dla_random *random, int height, int width);

/* images: [1 + count][channels][height][width]. First the image before the batch, which stays as it
 * is, then the batch. */
void dla_mix_images(const dla_mix *mix, float *images, size_t count, int channels, int height,
                    int width);

#endif
