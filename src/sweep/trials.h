/* The trials of a sweep. */
#ifndef DLA_SWEEP_TRIALS_H
#define DLA_SWEEP_TRIALS_H

#include "base/strbuf.h"
#include "config/config.h"
#include "sweep/sweep.h"

typedef struct dla_trial {
  char *name;       /* from its parameters; valid as a file name: "lr=0.1,momentum=0.9" */
  char *folder;     /* that name in the sweep's output.dir */
  char **overrides; /* one per parameter of the sweep, in their order: "optimizer.lr=0.1" */
} dla_trial;

typedef struct dla_trials {
  dla_trial *items;
  size_t count, parameter_count;
} dla_trials;

/* Makes the trials and checks each one's whole config. On failure *trials is empty. */
dla_status dla_trials_make(const dla_sweep *sweep, dla_trials *trials, dla_error *err);
void dla_trials_free(dla_trials *trials);

/* The config that a trial trains with in the end; halving stops earlier, with train.epochs. */
dla_status dla_trial_config(const dla_sweep *sweep, const dla_trial *trial, dla_config *config,
                            dla_error *err);

/* Appends the name of a trial with these overrides. */
void dla_trial_name(const dla_sweep *sweep, char *const *overrides, dla_strbuf *name);

#endif
