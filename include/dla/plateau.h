/* How far schedule.name: plateau is: what a run keeps of the test losses so far (optim/plateau.h),
 * and a checkpoint with it. */
#ifndef DLA_PLATEAU_H
#define DLA_PLATEAU_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dla_plateau {
  bool begun;         /* an epoch was judged; else the rest is nothing yet */
  double best;        /* the lowest test loss, but for ones that are hardly lower */
  int64_t bad_epochs; /* in a row since then, or since the rate fell */
  int64_t falls;      /* of the rate */
} dla_plateau;

#endif
