/* The state of schedule.name: plateau. A run and its checkpoints keep it from one test loss to
 * the next (optim/plateau.h). */
#ifndef DLA_PLATEAU_H
#define DLA_PLATEAU_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dla_plateau {
  bool begun;         /* an epoch was judged; before that, the rest is unset */
  double best;        /* the lowest test loss; slightly lower ones do not replace it */
  int64_t bad_epochs; /* in a row, since the best loss or the last reduction of the rate */
  int64_t falls;      /* reductions of the rate */
} dla_plateau;

#endif
