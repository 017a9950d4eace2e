/* A training run with remote input or output. */
#ifndef DLA_JOB_STAGED_RUN_H
#define DLA_JOB_STAGED_RUN_H

#include "config/config.h"
#include "dla/dist.h"
#include "job/hooks.h"

typedef struct dla_staged_run dla_staged_run;

/* Loads the configuration. Where it names a remote input or output, makes the job's folders and
 * fetches the input; *run must outlive the configuration then. Else *run is NULL, for which every
 * function below does nothing. On failure *config is empty. hooks must outlive *run. */
dla_status dla_staged_run_begin(const dla_config_layers *layers, const dla_job_hooks *hooks,
                                dla_dist *dist, dla_config *config, dla_staged_run **run,
                                dla_error *err);
/* Points the configuration to the job's folders, and wipes its secrets. */
dla_status dla_staged_run_apply(const dla_staged_run *run, dla_config *config, dla_error *err);
/* If there is no checkpoint here, gets this run's checkpoints and metrics from the output's store.
 * For checkpoint.in=auto, last and best. */
dla_status dla_staged_run_restore(const dla_staged_run *run, const dla_config *config,
                                  dla_error *err);
/* Tries whether the output's store takes what is put there: DLA_E_INPUT where it will not, unless
 * output.optional is set. Starts the continuous sync, if the configuration asks for it. */
dla_status dla_staged_run_push(dla_staged_run *run, dla_error *err);
/* Pushes the rest of the output, also of a run that failed; status and *err are the run's. Returns
 * them, or DLA_E_NOT_PUSHED if only the push failed. Frees run, and removes a temporary folder if
 * nothing is left in it. */
dla_status dla_staged_run_finish(dla_staged_run *run, dla_status status, dla_error *err);
/* Without pushing: the run has not begun. */
void dla_staged_run_abandon(dla_staged_run *run);

#endif
