/* The page of one run, and the page that compares several. */
#ifndef DLA_REPORT_RUNS_PAGE_H
#define DLA_REPORT_RUNS_PAGE_H

#include "report/run.h"

/* live: a server shows it. */
dla_status dla_run_page(const dla_run *run, bool live, dla_strbuf *out, dla_error *err);
/* links: the URL of each run's own page; NULL: there are none. */
dla_status dla_runs_page(dla_run *const *runs, size_t count, const char *const *links, bool live,
                         dla_strbuf *out, dla_error *err);

#endif
