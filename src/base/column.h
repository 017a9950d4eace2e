/* Columns of text for a terminal. */
#ifndef DLA_BASE_COLUMN_H
#define DLA_BASE_COLUMN_H

#include "base/strbuf.h"

/* How many cells of a terminal the text takes: 0 for a combining accent, as in names from macOS, 2
 * for wide characters of East Asia and emoji. Bytes that are no UTF-8 take one each. */
int dla_column_width(const char *text);

/* Appends the text, and blanks up to so many cells. Longer text is not cut. */
void dla_column(dla_strbuf *out, const char *text, int width);

#endif
