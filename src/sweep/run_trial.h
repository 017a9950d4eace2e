#ifndef DLA_SWEEP_RUN_TRIAL_H
#define DLA_SWEEP_RUN_TRIAL_H

#include "base/cpu_share.h"
#include "sweep/trial_state.h"

typedef struct dla_trial_run {
  const dla_sweep *sweep;
  const dla_trial *trial;
  const char *program;
  int64_t epochs; /* to train to; 0: those of its config */
  const dla_cpu_share *cpus;
  int threads; /* where its config does not say */
  int (*signal)(void *context);
  void *signal_context;
} dla_trial_run;

typedef struct dla_trial_end {
  int exit_status;
  bool interrupted;
  char error[512]; /* of one that failed */
} dla_trial_end;

/* Starts the trial, or goes on with it, and waits. A trial that fails is no error: *end says it,
 * and it is kept in the trial's folder. */
dla_status dla_trial_run_once(const dla_trial_run *run, dla_trial_end *end, dla_error *err);

#endif
