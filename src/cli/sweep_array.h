#ifndef DLA_CLI_SWEEP_ARRAY_H
#define DLA_CLI_SWEEP_ARRAY_H

#include "sweep/standing.h"

/* Appends a Slurm batch script for a job array: one job for every trial that has more to do, or
 * that failed and is to be tried again. DLA_E_INPUT if there is no such trial. */
dla_status dla_sweep_array(const dla_sweep *sweep, const dla_trials *trials,
                           const dla_standing *standing, bool retry_failed, dla_strbuf *script,
                           dla_error *err);

#endif
