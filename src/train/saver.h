/* Writes a run's checkpoints while it goes on: the network is copied at once, the file is written
 * by a thread. Knows when one is due, and which are kept (src/checkpoint/retention.h). */
#ifndef DLA_SAVER_H
#define DLA_SAVER_H

#include "config/config.h"
#include "dla/checkpoint.h"
#include "train/self.h"

typedef struct dla_saver dla_saver;

/* Checkpoints go to `out`; the texts go with each of them. state is where the run starts, which
 * says nothing of what `out` holds. Removes what a killed run left unfinished. */
dla_status dla_saver_create(const dla_config *config, const char *out, const char *environment,
                            const dla_self *self, const dla_train_state *state, dla_saver **saver,
                            dla_error *err);
void dla_saver_free(dla_saver *saver); /* waits */

/* By steps or minutes since the last one (checkpoint.every_steps, every_minutes). */
bool dla_saver_is_due(const dla_saver *saver, const dla_train_state *state);
/* best: it is the best so far. Waits while the one before is still being written; what became of
 * that one is lost unless dla_saver_finish() was asked first. Fails only if there is no copy,
 * or with DLA_E_DIVERGED if it is not finite: then nothing is written. */
dla_status dla_saver_save(dla_saver *saver, dla_network *network, const dla_train_state *state,
                          bool best, dla_error *err);
/* Waits until the last one is written, and says once what became of it. */
dla_status dla_saver_finish(dla_saver *saver, dla_error *err);

/* Seconds for which training stood still for the saves so far, and their number. */
double dla_saver_stall(const dla_saver *saver, int *saves);

#endif
