/* Draws a curve with characters, for a terminal. */
#ifndef DLA_CLI_CURVE_H
#define DLA_CLI_CURVE_H

#include <stdbool.h>

#include "base/strbuf.h"

enum { DLA_CURVE_HEIGHT = 5 };

/* Appends DLA_CURVE_HEIGHT lines of at most `columns` characters. The curve has `count` values from
 * 0 to 1 at equal distances. The largest and the least value are written at the left, in percent.
 * braille: Unicode's dots, eight in a character; else stars. Values that are no numbers leave a
 * gap. */
void dla_curve_write(const double *values, int count, int columns, bool braille, dla_strbuf *out);

/* Whether the environment (LC_ALL, LC_CTYPE, LANG) asks for UTF-8. */
bool dla_locale_is_utf8(void);

#endif
