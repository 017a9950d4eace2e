/* page.css and page.js as lines, because C11 promises only 4095 characters for a string.
 * src/report/local.mk makes them. */
#ifndef DLA_REPORT_ASSETS_H
#define DLA_REPORT_ASSETS_H

/* Each ends with NULL. */
extern const char *const dla_page_css[], *const dla_page_js[];

#endif
