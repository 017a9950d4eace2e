/* Gives a run exclusive use of its output folder. */
#ifndef DLA_JOB_OUTPUT_LOCK_H
#define DLA_JOB_OUTPUT_LOCK_H

#include "base/folder_lock.h"
#include "config/config.h"

typedef struct dla_output_lock {
  bool made; /* by this run */
  dla_folder_lock *lock;
} dla_output_lock;

/* Creates the folder if needed. step: where the run resumes. Release it also after a failure. */
dla_status dla_output_lock_take(const dla_config *config, int64_t step, dla_output_lock *lock,
                                dla_error *err);
/* Removes the folder if it was created and is still empty. */
void dla_output_lock_release(const dla_output_lock *lock, const dla_config *config);

#endif
