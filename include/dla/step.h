/* What a step of a network is told beside the images. */
#ifndef DLA_STEP_H
#define DLA_STEP_H

#include <stdbool.h>
#include <stdint.h>

typedef enum dla_mode { DLA_MODE_TRAINING, DLA_MODE_INFERENCE } dla_mode;

/* What a batch is of a step's, which several ranks may share. */
typedef struct dla_batch_share {
  bool counts;   /* false: it stands in for a rank that has no samples, and moves nothing */
  int64_t total; /* samples of all ranks */
} dla_batch_share;

/* What a step's samples should be. */
typedef struct dla_batch_labels {
  const int32_t *own;      /* of each sample */
  const int32_t *partners; /* of what was mixed into it; NULL: nothing was */
  double lambda;           /* how much of it is its own, from 0 to 1; the rest is the partner's */
} dla_batch_labels;

#endif
