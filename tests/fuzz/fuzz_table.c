/* Any bytes as a table of labels: every field lies in the text. */
#include <stdlib.h>
#include <string.h>

#include "data/pictures/csv_columns.h"
#include "data/pictures/csv_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  char *copy = malloc(size + 1), *fields[DLA_CSV_FIELDS_MAX];
  if (!copy) return 0;
  memcpy(copy, bytes, size);
  copy[size] = '\0';
  dla_csv_text text;
  int count, rank;
  dla_csv_begin(&text, copy);
  while (*text.at && dla_csv_line(&text, fields, DLA_CSV_FIELDS_MAX, &count)) {
    dla_csv_columns columns;
    const int kept = count < DLA_CSV_FIELDS_MAX ? count : DLA_CSV_FIELDS_MAX;
    if (count < 1) abort();
    for (int i = 0; i < kept; i++) {
      if (fields[i] < copy || fields[i] + strlen(fields[i]) > copy + size) abort();
      dla_csv_side(fields[i], &rank);
    }
    dla_csv_is_header(fields, kept, &columns);
  }
  free(copy);
  return 0;
}
