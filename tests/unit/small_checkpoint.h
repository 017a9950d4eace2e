/* Checkpoints of one number, for tests of which files a run keeps. */
#ifndef DLA_TESTS_SMALL_CHECKPOINT_H
#define DLA_TESTS_SMALL_CHECKPOINT_H

#include "dla/checkpoint.h"

/* Writes folder/name in the format of its ending, as training does: a name that there is goes to a
 * new file. Of the state the epoch, the step, the batch and the best epoch are in it. Returns the
 * path. */
const char *small_checkpoint(const char *folder, const char *name, dla_train_state state);

/* The step in the file; -1: there is none, or it is no checkpoint. */
int64_t small_checkpoint_step(const char *folder, const char *name);

#endif
