/* What was found to be fastest: a table from a problem's text to the name of an implementation. It
 * outlives a run as a file, a line each, "problem<tab>implementation"; and it travels in
 * checkpoints, so that a resumed run computes with the same implementations, to the bit. */
#ifndef DLA_TUNING_H
#define DLA_TUNING_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "dla/status.h"

typedef struct dla_tuning dla_tuning;

dla_tuning *dla_tuning_create(void); /* NULL: out of memory */
void dla_tuning_free(dla_tuning *tuning);

/* NULL where the problem is not in the table; the string lives until the problem is set again. */
const char *dla_tuning_find(const dla_tuning *tuning, const char *problem);
/* Adds or replaces; false when out of memory, or where either has a tab or a line's end. */
bool dla_tuning_set(dla_tuning *tuning, const char *problem, const char *implementation);
/* Was anything set (not read) since it was made? */
bool dla_tuning_changed(const dla_tuning *tuning);

/* The lines, sorted; and back: adds those of a text, whose own problems win. Lines that do not fit
 * the format are ignored: the table is a cache. */
void dla_tuning_to_text(const dla_tuning *tuning, dla_strbuf *text);
dla_status dla_tuning_from_text(dla_tuning *tuning, const char *text, dla_error *err);

#endif
