/* torchvision's RandAugment and TrivialAugmentWide, as they work on Pillow's RGB images: nearest
 * pixels, black outside the picture, 31 magnitudes.
 * Cubuk et al. (arXiv 1909.13719); Mueller and Hutter (arXiv 2103.10158). */
#ifndef DLA_AUGMENT_POLICY_H
#define DLA_AUGMENT_POLICY_H

#include "base/philox.h"
#include "dla/loader.h"

typedef struct dla_policy_op {
  const char *name; /* torchvision's */
  /* The magnitude of the first bin, and of the last one: RandAugment's, TrivialAugmentWide's. */
  double first, last[2];
  bool either_sign;                 /* the sign is random */
  bool of_the_width, of_the_height; /* RandAugment's last one is a part of this side */
  /* in and out: [height][width][3]; they do not overlap. */
  void (*apply)(double magnitude, const uint8_t *in, int width, int height, uint8_t *out);
} dla_policy_op;

enum { DLA_POLICY_OPS = 14 };
extern const dla_policy_op dla_policy_ops[DLA_POLICY_OPS];

/* The magnitude of a bin, 0 to DLA_MAGNITUDE_MAX, without its sign. */
double dla_policy_magnitude(const dla_policy_op *op, dla_policy_kind kind, int bin, int width,
                            int height);

/* Applies random ops, as many as the policy says. rgb and other: [height][width][3]. Returns the
 * one of the two that has the result. */
uint8_t *dla_apply_policy(const dla_policy *policy, dla_random *random, int width, int height,
                          uint8_t *rgb, uint8_t *other);

#endif
