/* page.css and page.js, by lines (C11 promises only 4095 characters for a string): made by
 * src/report/local.mk. */
#ifndef DLA_REPORT_ASSETS_H
#define DLA_REPORT_ASSETS_H

/* Each ends with NULL. */
extern const char *const dla_page_css[], *const dla_page_js[];

#endif
