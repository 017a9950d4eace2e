/* A training run with remote input or output. */
#ifndef DLA_JOB_STAGED_RUN_H
#define DLA_JOB_STAGED_RUN_H

#include "config/config.h"
#include "dla/dist.h"
#include "job/hooks.h"

typedef struct dla_staged_run dla_staged_run;

/* Loads the configuration. If it names a remote input or output, creates the job's folders and
 * fetches the input; *run must then outlive the configuration. Otherwise *run is NULL, and every
 * function below does nothing. On failure *config is empty. hooks must outlive *run. */
dla_status dla_staged_run_begin(const dla_config_layers *layers, const dla_job_hooks *hooks,
                                dla_dist *dist, dla_config *config, dla_staged_run **run,
                                dla_error *err);
/* Points the configuration to the job's folders, and wipes its secrets. */
dla_status dla_staged_run_apply(const dla_staged_run *run, dla_config *config, dla_error *err);
/* If there is no checkpoint here, fetches this run's checkpoints and metrics from the output's
 * store. For checkpoint.in=auto, last and best. */
dla_status dla_staged_run_restore(const dla_staged_run *run, const dla_config *config,
                                  dla_error *err);
/* Tests whether the output's store accepts files. DLA_E_INPUT: it does not, and output.optional
 * is not set. Starts the continuous sync if the configuration asks for it. */
dla_status dla_staged_run_push(dla_staged_run *run, dla_error *err);
/* Pushes the rest of the output, also after a failed run; status and *err are the run's. Returns
 * them, or DLA_E_NOT_PUSHED if only the push failed. Frees run, and removes a temporary folder if
 * nothing is left in it. */
dla_status dla_staged_run_finish(dla_staged_run *run, dla_status status, dla_error *err);
/* Frees a run that has not begun, without a push. */
void dla_staged_run_abandon(dla_staged_run *run);

#endif
