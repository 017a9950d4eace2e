/* Running the trials of a sweep on this host: each is a process of its own, on processors of its
 * own, so that a crash of one does not end the others. */
#ifndef DLA_SWEEP_RUN_H
#define DLA_SWEEP_RUN_H

#include "sweep/standing.h"

/* What the runner needs of its caller. */
typedef struct dla_sweep_hooks {
  void *context;
  void (*line)(void *context, const char *text); /* one call at a time */
  int (*signal)(void *context);                  /* the signal that asked to stop, or 0 */
} dla_sweep_hooks;

/* Runs what is not finished, `parallel` at once, until the sweep is done. A trial that fails is
 * told, and the others go on: dla_standing_failed() counts them. DLA_E_INTERRUPTED: a signal came;
 * all trials have saved, and the same call goes on. `program` is dla-train's path. */
dla_status dla_sweep_run(const dla_sweep *sweep, const dla_trials *trials, const char *program,
                         const dla_sweep_hooks *hooks, dla_error *err);

/* Runs one trial, from 0, on all processors, also one that failed before. DLA_E_STEP with its exit
 * status if it fails. */
dla_status dla_sweep_run_one(const dla_sweep *sweep, const dla_trials *trials, size_t trial,
                             const char *program, const dla_sweep_hooks *hooks, dla_error *err);

#endif
