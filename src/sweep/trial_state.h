/* How far a trial is, by what is in its folder:
 *   config.yaml              what it trains with
 *   checkpoint.safetensors   how many epochs are done
 *   metrics.jsonl            what it is judged by
 *   failure.json             the exit status and the error of a run that failed
 *   log.txt                  what its runs said */
#ifndef DLA_SWEEP_TRIAL_STATE_H
#define DLA_SWEEP_TRIAL_STATE_H

#include "sweep/trials.h"

typedef enum dla_trial_stage {
  DLA_TRIAL_WAITING,    /* not begun */
  DLA_TRIAL_UNFINISHED, /* begun; goes on from its checkpoint */
  DLA_TRIAL_FINISHED,
  DLA_TRIAL_STOPPED, /* by halving: others were better */
  DLA_TRIAL_FAILED
} dla_trial_stage;

typedef struct dla_trial_state {
  dla_trial_stage stage;
  int rung;           /* which it is in, or ended in */
  int64_t epochs;     /* done */
  int64_t all_epochs; /* of its config */
  double value;       /* of the metric; NaN: none yet */
  int exit_status;    /* of one that failed */
  char error[512];
} dla_trial_state;

/* Fills *state but for its rung. Epochs behind `epochs` do not count: so a decision between trials
 * is the same whenever it is made. */
dla_status dla_trial_look(const dla_sweep *sweep, const dla_trial *trial, int64_t epochs,
                          dla_trial_state *state, dla_error *err);

/* Keeps, or forgets, that a run of the trial failed. */
dla_status dla_trial_keep_failure(const dla_trial *trial, int exit_status, const char *error,
                                  dla_error *err);
dla_status dla_trial_forget_failure(const dla_trial *trial, dla_error *err);

/* Refuses a folder whose config.yaml is not the trial's config any more, but for keys that change
 * no result; with `write`, makes the folder and writes the file. */
dla_status dla_trial_check_folder(const dla_sweep *sweep, const dla_trial *trial, bool write,
                                  dla_error *err);

#endif
