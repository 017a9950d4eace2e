/* Shows transfers on standard error. */
#ifndef DLA_CLI_STAGE_REPORT_H
#define DLA_CLI_STAGE_REPORT_H

#include "cli/progress.h"
#include "staging/observer.h"

/* Shows a transfer's bar: for dla_stage_observer.progress. */
void dla_stage_report_bar(void *context, const dla_stage_progress *progress);

/* The observer for a training run: a bar if the run has one, and lines about retries. progress must
 * outlive it. */
dla_stage_observer dla_stage_report_observer(dla_cli_progress *progress);

#endif
