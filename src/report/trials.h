/* The runs of a folder as trials: what they were made with, and what each comes to. */
#ifndef DLA_REPORT_TRIALS_H
#define DLA_REPORT_TRIALS_H

#include "report/folder.h"
#include "sweep/sweep.h"

typedef struct dla_report_trial {
  const dla_run *run;
  char **value;  /* one a parameter, as the config has it; owned */
  double metric; /* NAN: none */
  double merit;  /* 0 to 1, the best, by rank */
  char *failure; /* what it ended with; NULL: it did not fail; owned */
} dla_report_trial;

typedef struct dla_report_trials {
  dla_report_trial *trial; /* the best first; those that failed last */
  size_t count;
  const dla_key **parameter; /* keys that the trials differ by, or the sweep's */
  size_t parameter_count;
  const dla_sweep_metric *metric;
} dla_report_trials;

/* On failure *trials is empty. The set must outlive it. */
dla_status dla_report_trials_make(const dla_run_set *set, dla_report_trials *trials,
                                  dla_error *err);
void dla_report_trials_free(dla_report_trials *trials);

#endif
