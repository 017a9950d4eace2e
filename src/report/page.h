/* What every page has: head, style and script, and the frames of its parts. A page is one file that
 * loads nothing; its policy lets no script run but its own. */
#ifndef DLA_REPORT_PAGE_H
#define DLA_REPORT_PAGE_H

#include <stdbool.h>

#include "base/strbuf.h"

/* title: any text. lead: HTML below it. live: a server shows the page, which follows it. */
dla_status dla_page_begin(dla_strbuf *out, const char *title, const char *lead, bool live,
                          dla_error *err);
void dla_page_end(dla_strbuf *out);

/* Where a part of the page stands. */
typedef struct dla_part {
  int run;    /* the run that it tells of, from 0 */
  bool alone; /* the page is of this run alone: a part is a section; else one that opens */
} dla_part;

/* id and title are fit for HTML. */
void dla_part_begin(dla_strbuf *out, const dla_part *part, const char *id, const char *title);
void dla_part_end(dla_strbuf *out, const dla_part *part);

/* A box that is scrolled where it is too wide. */
void dla_scroll_begin(dla_strbuf *out, const char *label);
void dla_scroll_end(dla_strbuf *out);

#endif
