/* The report of a run while it goes on (log.report), behind what a terminal is told. */
#ifndef DLA_CLI_LIVE_REPORT_H
#define DLA_CLI_LIVE_REPORT_H

#include "cli/progress.h"
#include "report/report.h"

typedef struct dla_cli_live_report {
  dla_cli_progress *progress;
  dla_observer told;       /* the progress's */
  dla_live_report *report; /* NULL: none is written */
  bool failed;             /* and that was said: it is no reason to end */
  bool written;            /* there is one */
} dla_cli_live_report;

/* Of several ranks, only rank 0 writes one. */
void dla_cli_live_report_begin(dla_cli_live_report *report, const dla_config *config,
                               const dla_dist *dist, dla_cli_progress *progress);
/* Writes it after every epoch. The report must outlive it. */
dla_observer dla_cli_live_report_observer(dla_cli_live_report *report);
/* The last one; begun: there was training, which came to `status`. */
void dla_cli_live_report_end(dla_cli_live_report *report, bool begun, dla_status status);

#endif
