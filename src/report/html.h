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

/* Appends the text between two pieces of HTML. */
void dla_html_between(dla_strbuf *out, const char *before, const char *text, const char *behind);

/* A number as text; it may be as long as the largest double in digits. */
typedef struct dla_figure {
  char text[352];
} dla_figure;

/* Numbers for people: 4 significant digits; 15.1 M; 38.50 %; 2 h 05 min. NaN is a dash. */
dla_figure dla_html_number(double value);
dla_figure dla_html_count(double value);
dla_figure dla_html_percent(double share);
dla_figure dla_html_duration(double seconds);

__attribute__((format(printf, 1, 2))) dla_figure dla_figure_print(const char *format, ...);

#endif
