/* A curve of characters, for a terminal. */
#ifndef DLA_CLI_CURVE_H
#define DLA_CLI_CURVE_H

#include <stdbool.h>

#include "base/strbuf.h"

enum { DLA_CURVE_HEIGHT = 5 };

/* Appends DLA_CURVE_HEIGHT lines of at most `columns` characters, through `count` values from 0 to
 * 1, which are evenly apart: their largest and least stand as percentages at the left. braille:
 * dots of Unicode, eight a character; else stars. Values that are no numbers leave a gap. */
void dla_curve_write(const double *values, int count, int columns, bool braille, dla_strbuf *out);

/* Does the environment (LC_ALL, LC_CTYPE, LANG) ask for UTF-8? */
bool dla_locale_is_utf8(void);

#endif
