/* The progress of a trial, read from its folder:
 *    config.yaml              its config
 *    checkpoint.safetensors   the number of finished epochs
 *    metrics.jsonl            the metric
 *    failure.json             the exit status and the error of a failed run
 *    log.txt                  the output of its runs */
#ifndef DLA_SWEEP_TRIAL_STATE_H
#define DLA_SWEEP_TRIAL_STATE_H

#include "sweep/trials.h"

typedef enum dla_trial_stage {
  DLA_TRIAL_WAITING,    /* not started */
  DLA_TRIAL_UNFINISHED, /* started; resumes from its checkpoint */
  DLA_TRIAL_FINISHED,
  DLA_TRIAL_STOPPED, /* by halving: others were better */
  DLA_TRIAL_FAILED
} dla_trial_stage;

typedef struct dla_trial_state {
  dla_trial_stage stage;
  int rung;           /* the one it is in, or ended in */
  int64_t epochs;     /* done */
  int64_t all_epochs; /* as in its config */
  double value;       /* of the metric; NaN: none yet */
  int exit_status;    /* of a failed trial */
  char error[512];
} dla_trial_state;

/* Fills *state except its rung. Later epochs than `epochs` do not count, so that the choice
 * between trials is the same at any time. */
dla_status dla_trial_look(const dla_sweep *sweep, const dla_trial *trial, int64_t epochs,
                          dla_trial_state *state, dla_error *err);

/* Records or removes the failure of a trial's run. */
dla_status dla_trial_keep_failure(const dla_trial *trial, int exit_status, const char *error,
                                  dla_error *err);
dla_status dla_trial_forget_failure(const dla_trial *trial, dla_error *err);

/* Refuses a folder whose config.yaml differs from the trial's config, except in keys that do not
 * affect results. write: creates the folder and the file. */
dla_status dla_trial_check_folder(const dla_sweep *sweep, const dla_trial *trial, bool write,
                                  dla_error *err);

#endif
