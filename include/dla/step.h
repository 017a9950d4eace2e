/* Arguments of a step besides the images. */
#ifndef DLA_STEP_H
#define DLA_STEP_H

#include <stdbool.h>
#include <stdint.h>

typedef enum dla_mode { DLA_MODE_TRAINING, DLA_MODE_INFERENCE } dla_mode;

/* A batch as a share of a step, for runs with several ranks. */
typedef struct dla_batch_share {
  bool counts;   /* false: a stand-in for a rank without samples; it changes nothing */
  int64_t total; /* samples of all ranks */
} dla_batch_share;

/* The labels of a step's samples. */
typedef struct dla_batch_labels {
  const int32_t *own;      /* each sample's own */
  const int32_t *partners; /* of the image mixed into each sample; NULL: not mixed */
  double lambda;           /* the share of its own label, from 0 to 1; the rest is the partner's */
} dla_batch_labels;

#endif
