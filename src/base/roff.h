/* Text of a man page, in the macros of man(7). */
#ifndef DLA_BASE_ROFF_H
#define DLA_BASE_ROFF_H

#include "base/strbuf.h"

/* Appends the text of a paragraph, escaped and broken into short lines. No line looks like a
 * request. It ends with a newline. Words in `` `...` `` are bold. */
void dla_roff_text(dla_strbuf *out, const char *text);
/* Appends a request and its text: ".SH \"EXIT STATUS\"". */
void dla_roff_request(dla_strbuf *out, const char *request, const char *text);
/* Appends a tagged paragraph: the tag in bold, its value (or NULL) in italics, and the text. */
void dla_roff_item(dla_strbuf *out, const char *tag, const char *value, const char *text);

#endif
