/* The folder that a run writes to, which it has for itself. */
#ifndef DLA_JOB_OUTPUT_LOCK_H
#define DLA_JOB_OUTPUT_LOCK_H

#include "base/folder_lock.h"
#include "config/config.h"

typedef struct dla_output_lock {
  bool made; /* by this run */
  dla_folder_lock *lock;
} dla_output_lock;

/* Makes the folder if need be. step is the one that the run goes on from. Release it also after a
 * failure. */
dla_status dla_output_lock_take(const dla_config *config, int64_t step, dla_output_lock *lock,
                                dla_error *err);
/* A folder that was made for nothing goes, too. */
void dla_output_lock_release(const dla_output_lock *lock, const dla_config *config);

#endif
