/* What is shown of transfers, on standard error. */
#ifndef DLA_CLI_STAGE_REPORT_H
#define DLA_CLI_STAGE_REPORT_H

#include "cli/progress.h"
#include "staging/observer.h"

/* A transfer's bar: for dla_stage_observer.progress. */
void dla_stage_report_bar(void *context, const dla_stage_progress *progress);
/* Has a signal come? For dla_stage_observer.stop, so that a transfer ends in order: an unfinished
 * upload is aborted, a temporary file is deleted. */
bool dla_stage_report_stop(void *context);

/* For a training run: its bar, where it has one, and lines about what is tried again. progress must
 * outlive it. */
dla_stage_observer dla_stage_report_observer(dla_cli_progress *progress);

#endif
