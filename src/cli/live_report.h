/* The report of a run while it is running (log.report). It passes on everything to the progress
 * display. */
#ifndef DLA_CLI_LIVE_REPORT_H
#define DLA_CLI_LIVE_REPORT_H

#include "cli/progress.h"
#include "report/report.h"

typedef struct dla_cli_live_report {
  dla_cli_progress *progress;
  dla_observer told;       /* the progress display's observer */
  dla_live_report *report; /* NULL: no report is written */
  bool failed;             /* writing failed, and a warning was given: the run goes on */
  bool written;            /* a report exists */
} dla_cli_live_report;

/* With several ranks, only rank 0 writes one. */
void dla_cli_live_report_begin(dla_cli_live_report *report, const dla_config *config,
                               const dla_dist *dist, dla_cli_progress *progress);
/* An observer that writes the report after every epoch. *report must outlive it. */
dla_observer dla_cli_live_report_observer(dla_cli_live_report *report);
/* Writes the report a last time. begun: training began, and ended with `status`. */
void dla_cli_live_report_end(dla_cli_live_report *report, bool begun, dla_status status);

#endif
