/* Writes a run's checkpoints in the background: it copies the network at once, and a thread
 * writes the file. It knows when a checkpoint is due, and which ones to keep
 * (src/checkpoint/retention.h). */
#ifndef DLA_SAVER_H
#define DLA_SAVER_H

#include "config/config.h"
#include "dla/checkpoint.h"
#include "train/self.h"

typedef struct dla_saver dla_saver;

/* Checkpoints go to `out`, with the texts in each. state: where the run starts; `out` may hold
 * something else. */
dla_status dla_saver_create(const dla_config *config, const char *out, const char *environment,
                            const dla_self *self, const dla_train_state *state, dla_saver **saver,
                            dla_error *err);
void dla_saver_free(dla_saver *saver); /* waits for the thread */

/* By the steps or minutes since the last save (checkpoint.every_steps, every_minutes). */
bool dla_saver_is_due(const dla_saver *saver, const dla_train_state *state);
/* best: it is the best checkpoint so far. Waits while the previous one is still being written;
 * its result is lost unless dla_saver_finish() was called first. Fails only if the copy fails, or
 * with DLA_E_DIVERGED if a number is not finite; then nothing is written. */
dla_status dla_saver_save(dla_saver *saver, dla_network *network, const dla_train_state *state,
                          bool best, dla_error *err);
/* Waits until the last checkpoint is written. Returns its result once. */
dla_status dla_saver_finish(dla_saver *saver, dla_error *err);

/* Seconds that training stood still for saves, and the number of saves. */
double dla_saver_stall(const dla_saver *saver, int *saves);

#endif
