/* The page of a sweep, or of any runs below a folder: which were best, and with what parameters. */
#ifndef DLA_REPORT_SWEEP_PAGE_H
#define DLA_REPORT_SWEEP_PAGE_H

#include "report/folder.h"

/* Where the name of a trial links to. */
typedef enum dla_link_kind {
  DLA_LINK_NONE,
  DLA_LINK_REPORTS, /* the trial's report.html, if there is one; the page must lie in the set's
                     * folder */
  DLA_LINK_SERVER
} dla_link_kind;

/* The set must have at least one run. */
dla_status dla_sweep_page(const dla_run_set *set, dla_link_kind links, dla_strbuf *out,
                          dla_error *err);

#endif
