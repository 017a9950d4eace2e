/* Splits a table into lines and fields: RFC 4180, as spreadsheets write it, or fields between
 * semicolons, tabs, bars or blanks. */
#ifndef DLA_DATA_PICTURES_CSV_FIELDS_H
#define DLA_DATA_PICTURES_CSV_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dla_csv_text {
  char *at;       /* the rest of the text; it is changed in place */
  char separator; /* ' ': any number of blanks and tabs */
  int64_t line;   /* of the next line, from 1 */
} dla_csv_text;

/* Passes over a byte order mark and lines of '#' at the top, and finds the separator: a comma,
 * unless the first line has none. text ends in a NUL. */
void dla_csv_begin(dla_csv_text *text, char *bytes);
/* Reads a line. Fields beyond `most` are counted only. False: a quote does not end. */
bool dla_csv_line(dla_csv_text *text, char **fields, int most, int *count);

#endif
