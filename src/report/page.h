/* The frame of every page: head, style, script, and the frames of its parts. A page is one file
 * that loads nothing. Its policy lets no script run but its own. */
#ifndef DLA_REPORT_PAGE_H
#define DLA_REPORT_PAGE_H

#include <stdbool.h>

#include "base/strbuf.h"

/* title: any text. lead: HTML below the title. live: a server shows the page, and the page updates
 * itself. */
dla_status dla_page_begin(dla_strbuf *out, const char *title, const char *lead, bool live,
                          dla_error *err);
void dla_page_end(dla_strbuf *out);

/* How a part of the page is framed. */
typedef struct dla_part {
  int run;    /* the run that it is about, from 0 */
  bool alone; /* the page is about this run only: a part is a section; else it is a part that
               * opens */
} dla_part;

/* id and title must be fit for HTML. */
void dla_part_begin(dla_strbuf *out, const dla_part *part, const char *id, const char *title);
void dla_part_end(dla_strbuf *out, const dla_part *part);

/* Begins a box that scrolls sideways if it is too wide. */
void dla_scroll_begin(dla_strbuf *out, const char *label);
void dla_scroll_end(dla_strbuf *out);

#endif
