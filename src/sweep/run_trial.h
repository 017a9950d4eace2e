#ifndef DLA_SWEEP_RUN_TRIAL_H
#define DLA_SWEEP_RUN_TRIAL_H

#include "base/cpu_share.h"
#include "sweep/trial_state.h"

typedef struct dla_trial_run {
  const dla_sweep *sweep;
  const dla_trial *trial;
  const char *program;
  int64_t epochs; /* to train to; 0: as in its config */
  const dla_cpu_share *cpus;
  int threads; /* default, if its config sets none */
  int (*signal)(void *context);
  void *signal_context;
} dla_trial_run;

typedef struct dla_trial_end {
  int exit_status;
  bool interrupted;
  char error[512]; /* of a failed trial */
} dla_trial_end;

/* Starts or resumes the trial, and waits for it. A failed trial is not an error: *end has it, and
 * the trial's folder keeps it. */
dla_status dla_trial_run_once(const dla_trial_run *run, dla_trial_end *end, dla_error *err);

/* Ends what a run of the trial left in the middle (train/settle.h): a finished trial has no other
 * run for that. */
void dla_trial_settle(const dla_sweep *sweep, const dla_trial *trial);

#endif
