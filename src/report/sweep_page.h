/* The page of a sweep, or of any runs below a folder: which were best, and by what. */
#ifndef DLA_REPORT_SWEEP_PAGE_H
#define DLA_REPORT_SWEEP_PAGE_H

#include "report/folder.h"

/* Where a trial's name leads to. */
typedef enum dla_link_kind {
  DLA_LINK_NONE,
  DLA_LINK_REPORTS, /* its own report.html, where there is one; the page lies in the set's folder */
  DLA_LINK_SERVER
} dla_link_kind;

/* The set has a run at least. */
dla_status dla_sweep_page(const dla_run_set *set, dla_link_kind links, dla_strbuf *out,
                          dla_error *err);

#endif
