/* Shows transfers on standard error. */
#ifndef DLA_CLI_STAGE_REPORT_H
#define DLA_CLI_STAGE_REPORT_H

#include "cli/progress.h"
#include "staging/observer.h"

/* Shows a transfer's bar: for dla_stage_observer.progress. */
void dla_stage_report_bar(void *context, const dla_stage_progress *progress);
/* Whether a signal has come: for dla_stage_observer.stop. The transfer then ends in order: an
 * unfinished upload is aborted, a temporary file is deleted. */
bool dla_stage_report_stop(void *context);

/* The observer for a training run: a bar if the run has one, and lines about retries. progress must
 * outlive it. */
dla_stage_observer dla_stage_report_observer(dla_cli_progress *progress);

#endif
