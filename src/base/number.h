/* Numbers as text: decimal only. strtod() would take more. */
#ifndef DLA_BASE_NUMBER_H
#define DLA_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/* Digits with an optional sign. A leading zero is refused, because readers disagree on whether
 * 010 is ten or eight. */
bool dla_integer_read(const char *text, int64_t *value);

/* 1, -0.5, .5, 1e-3, 1.5E+2. No hexadecimal, no infinity (1e999 neither), no NaN. */
bool dla_number_read(const char *text, double *value);

/* The shortest text that reads back to the same double. */
void dla_number_write(double value, dla_strbuf *out);

#endif
