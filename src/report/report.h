/* Reports: each is one HTML file that opens from the disk, without a network. docs/report.md
 * describes it. */
#ifndef DLA_REPORT_H
#define DLA_REPORT_H

#include <stddef.h>

#include "dla/status.h"
#include "report/run.h" /* DLA_REPORT_FILE */

/* Writes the report of one run, of several runs, or of one folder that contains runs (a sweep's).
 * The file is replaced as a whole. Errors: DLA_E_INPUT, a folder is neither; DLA_E_IO. */
dla_status dla_report_write(char *const *folders, size_t count, const char *file, dla_error *err);

/* The report of a run that is still running. */
typedef struct dla_live_report dla_live_report;
/* Reads nothing yet. */
dla_status dla_live_report_create(const char *folder, dla_live_report **report, dla_error *err);
/* Reads what the run has written since, and writes the report again. */
dla_status dla_live_report_write(dla_live_report *report, dla_error *err);
void dla_live_report_free(dla_live_report *report);

#endif
