/* Where a sweep stands: its trials' states, the rung that is under way, and the order of merit. */
#ifndef DLA_SWEEP_STANDING_H
#define DLA_SWEEP_STANDING_H

#include "sweep/trial_state.h"

typedef struct dla_standing {
  dla_trial_state *states; /* one a trial; owned */
  size_t *order;           /* of the trials, the best first; owned */
  size_t count;
  int rung; /* under way; dla_sweep_rungs() when all is done */
} dla_standing;

/* Looks into the folders. On failure *standing is empty. */
dla_status dla_standing_look(const dla_sweep *sweep, const dla_trials *trials,
                             dla_standing *standing, dla_error *err);
/* How many trials failed. */
size_t dla_standing_failed(const dla_standing *standing);
void dla_standing_free(dla_standing *standing);

#endif
