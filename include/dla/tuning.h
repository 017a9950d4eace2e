/* A table of the fastest implementations: from a problem's description to the name of an
 * implementation. As a file it outlives a run: one line each, "problem<tab>implementation".
 * Checkpoints hold it, too, so that a resumed run uses the same implementations and computes the
 * same bits. */
#ifndef DLA_TUNING_H
#define DLA_TUNING_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "dla/status.h"

typedef struct dla_tuning dla_tuning;

dla_tuning *dla_tuning_create(void); /* NULL: out of memory */
void dla_tuning_free(dla_tuning *tuning);

/* NULL: the problem is not in the table. The string lives until the problem is set again. */
const char *dla_tuning_find(const dla_tuning *tuning, const char *problem);
/* Adds or replaces. False: out of memory, or one of the strings contains a tab or a newline. */
bool dla_tuning_set(dla_tuning *tuning, const char *problem, const char *implementation);
/* Was anything set (not read) since the table was created? */
bool dla_tuning_changed(const dla_tuning *tuning);

/* Writes the lines, sorted; or adds those of a text, which override existing ones. Malformed
 * lines are ignored: the table is only a cache. */
void dla_tuning_to_text(const dla_tuning *tuning, dla_strbuf *text);
dla_status dla_tuning_from_text(dla_tuning *tuning, const char *text, dla_error *err);

#endif
