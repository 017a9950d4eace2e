/* Text in HTML. Names of files and classes are foreign bytes: whatever they contain, they appear as
 * text in the page and never become part of it. */
#ifndef DLA_REPORT_HTML_H
#define DLA_REPORT_HTML_H

#include "base/strbuf.h"

/* Appends text for an element or a quoted attribute. Control characters other than tab and line
 * feed, and invalid UTF-8, become U+FFFD. NULL appends nothing. */
void dla_html_text(dla_strbuf *out, const char *text);

/* Appends JSON for a <script> element; it contains no '<'. */
void dla_html_json(dla_strbuf *out, const dla_strbuf *json);

/* Appends a path for a link, percent-encoded except for its slashes. */
void dla_html_path(dla_strbuf *out, const char *path);

/* Numbers for people: 4 significant digits; 15.1 M; 38.50 %; 2 h 05 min. NaN is a dash. */
void dla_html_number(dla_strbuf *out, double value);
void dla_html_count(dla_strbuf *out, double value);
void dla_html_percent(dla_strbuf *out, double share);
void dla_html_duration(dla_strbuf *out, double seconds);

#endif
