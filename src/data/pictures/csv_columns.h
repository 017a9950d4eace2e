/* Which columns of a table hold the paths, the labels and the sides of a split. */
#ifndef DLA_DATA_PICTURES_CSV_COLUMNS_H
#define DLA_DATA_PICTURES_CSV_COLUMNS_H

#include <stdbool.h>

#include "data/pictures/list.h"

/* More fields of a header are not looked at. */
enum { DLA_CSV_FIELDS_MAX = 256 };

typedef struct dla_csv_columns {
  int path, label; /* from 0; label -1: the header names paths, but no labels */
  int split;       /* -1: none */
} dla_csv_columns;

/* Whether the fields of the first line are names of columns; if so, sets *columns. Names that
 * tables of pictures commonly have are known, in any case, with '_', '-' or a blank. */
bool dla_csv_is_header(char *const *fields, int count, dla_csv_columns *columns);

/* The side that a field of the column `split` names, as train or val; DLA_SIDE_NONE: none. *rank is
 * that of the name among those to test with, of which the least is used. */
dla_side dla_csv_side(const char *field, int *rank);

#endif
