/* The surest mistakes of an evaluation: the images whose wrong class got the largest probability.
 * They tell of wrong labels, and of what the network has not understood. */
#ifndef DLA_MISTAKES_H
#define DLA_MISTAKES_H

#include "dla/loader.h"
#include "train/thumbnail.h"

enum { DLA_MISTAKES = 24 }; /* that are kept */

typedef struct dla_mistake {
  int64_t sample; /* its number in the split, from 0 */
  int32_t label, said;
  double confidence; /* the probability of what was said, */
  double of_label;   /* and of what is so */
  dla_thumbnail image;
} dla_mistake;

typedef struct dla_mistakes {
  dla_shape image;
  const dla_normalization *normalization;
  dla_mistake item[DLA_MISTAKES]; /* the surest first; of equal ones the first in the split */
  int count;
} dla_mistakes;

/* Begins a new evaluation. */
void dla_mistakes_clear(dla_mistakes *mistakes);
/* Looks at a batch whose first image is sample `first` of the split. logits: [count][classes]. */
void dla_mistakes_add(dla_mistakes *mistakes, const dla_batch *batch, int64_t first,
                      const float *logits, int64_t classes);

#endif
