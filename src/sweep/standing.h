/* The state of a sweep: its trials, the current rung, and the ranking. */
#ifndef DLA_SWEEP_STANDING_H
#define DLA_SWEEP_STANDING_H

#include "sweep/trial_state.h"

typedef struct dla_standing {
  dla_trial_state *states; /* one per trial; owned */
  size_t *order;           /* the trials, best first; owned */
  size_t count;
  int rung; /* the current one; dla_sweep_rungs() when all are done */
} dla_standing;

/* Reads the folders. On failure *standing is empty. */
dla_status dla_standing_look(const dla_sweep *sweep, const dla_trials *trials,
                             dla_standing *standing, dla_error *err);
/* The number of failed trials. */
size_t dla_standing_failed(const dla_standing *standing);
void dla_standing_free(dla_standing *standing);

#endif
