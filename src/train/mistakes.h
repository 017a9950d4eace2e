/* The surest mistakes of an evaluation: the images whose wrong class got the largest probability.
 * They show wrong labels, and what the network has not learnt. */
#ifndef DLA_MISTAKES_H
#define DLA_MISTAKES_H

#include "dla/dist.h"
#include "dla/loader.h"
#include "train/thumbnail.h"

enum { DLA_MISTAKES = 24 }; /* mistakes that are kept */

typedef struct dla_mistake {
  int64_t sample; /* its index in the split, from 0 */
  int32_t label, said;
  double confidence; /* the probability of the predicted class */
  double of_label;   /* the probability of the label */
  dla_thumbnail image;
} dla_mistake;

typedef struct dla_mistakes {
  dla_shape image;
  const dla_normalization *normalization;
  dla_mistake item[DLA_MISTAKES]; /* the surest first; equal ones in the order of the split */
  int count;
} dla_mistakes;

/* normalization must outlive it. */
dla_status dla_mistakes_create(dla_shape image, const dla_normalization *normalization,
                               dla_mistakes **mistakes, dla_error *err);
void dla_mistakes_free(dla_mistakes *mistakes);

/* Starts a new evaluation. */
void dla_mistakes_clear(dla_mistakes *mistakes);
/* Adds the mistakes of a batch. first: the index of its first image in the split. logits:
 * [count][classes]. */
void dla_mistakes_add(dla_mistakes *mistakes, const dla_batch *batch, int64_t first,
                      const float *logits, int64_t classes);
/* Makes rank 0's those of all ranks. Collective. */
dla_status dla_mistakes_collect(dla_mistakes *mistakes, dla_dist *dist, dla_error *err);

#endif
