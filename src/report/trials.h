/* The runs of a folder as trials: their parameters and results. */
#ifndef DLA_REPORT_TRIALS_H
#define DLA_REPORT_TRIALS_H

#include "report/folder.h"
#include "sweep/sweep.h"

typedef struct dla_report_trial {
  const dla_run *run;
  char **value;  /* one for each parameter, as in the config; owned */
  double metric; /* NAN: none */
  double merit;  /* by rank, 0 to 1; 1 is the best */
  char *failure; /* how it failed; NULL: it did not; owned */
} dla_report_trial;

typedef struct dla_report_trials {
  dla_report_trial *trial; /* the best first, failed ones last */
  size_t count;
  const dla_key **parameter; /* the sweep's keys, or the keys that the trials differ in */
  size_t parameter_count;
  const dla_sweep_metric *metric;
} dla_report_trials;

/* On failure *trials is empty. The set must outlive it. */
dla_status dla_report_trials_make(const dla_run_set *set, dla_report_trials *trials,
                                  dla_error *err);
void dla_report_trials_free(dla_report_trials *trials);

#endif
