/* page.html as lines; src/export/local.mk makes it. */
#ifndef DLA_EXPORT_HTML_PAGE_H
#define DLA_EXPORT_HTML_PAGE_H

extern const char *const dla_html_page[]; /* ends with NULL */

#endif
