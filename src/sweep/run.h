/* Runs the trials of a sweep on this host. Each trial is a process with its own processors, so
 * that a crash does not end the others. */
#ifndef DLA_SWEEP_RUN_H
#define DLA_SWEEP_RUN_H

#include "sweep/standing.h"

/* Callbacks of the runner. */
typedef struct dla_sweep_hooks {
  void *context;
  void (*line)(void *context, const char *text); /* one call at a time */
  int (*signal)(void *context);                  /* the signal that asked to stop, or 0 */
} dla_sweep_hooks;

/* Runs unfinished trials, `parallel` at a time, until the sweep is done. A failed trial is
 * reported, and the others continue; dla_standing_failed() counts them. DLA_E_INTERRUPTED: a
 * signal came; all trials have saved, and the same call resumes. `program` is dla-train's path. */
dla_status dla_sweep_run(const dla_sweep *sweep, const dla_trials *trials, const char *program,
                         const dla_sweep_hooks *hooks, dla_error *err);

/* Runs one trial (counted from 0) on all processors, even if it failed before. DLA_E_STEP with
 * its exit status if it fails. */
dla_status dla_sweep_run_one(const dla_sweep *sweep, const dla_trials *trials, size_t trial,
                             const char *program, const dla_sweep_hooks *hooks, dla_error *err);

#endif
