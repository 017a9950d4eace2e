/* Which columns of a CSV file hold the paths and the labels. */
#ifndef DLA_DATA_PICTURES_CSV_COLUMNS_H
#define DLA_DATA_PICTURES_CSV_COLUMNS_H

#include <stdbool.h>

/* More fields of a header are not looked at. */
enum { DLA_CSV_FIELDS_MAX = 256 };

typedef struct dla_csv_columns {
  int path, label; /* from 0; label -1: the header names paths, but no labels */
} dla_csv_columns;

/* Whether the fields of the first line are names of columns; if so, sets *columns. Names that
 * tables of pictures commonly have are known, in any case, with '_', '-' or a blank. */
bool dla_csv_is_header(char *const *fields, int count, dla_csv_columns *columns);

#endif
