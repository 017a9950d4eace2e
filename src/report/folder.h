/* The runs below a folder. */
#ifndef DLA_REPORT_FOLDER_H
#define DLA_REPORT_FOLDER_H

#include "report/run.h"

typedef struct dla_run_set {
  char *folder, *name;
  dla_run **run; /* in the order of their names, which are paths below the folder */
  size_t count, capacity;
  json_t *sweep; /* what a sweep keeps of itself (sweep.json); NULL: it is none */
} dla_run_set;

/* Looks up to three folders deep; symbolic links are not followed. *set may be without runs.
 * Errors: DLA_E_INPUT, it is no folder. Free it with dla_run_set_free(). */
dla_status dla_run_set_open(const char *folder, dla_run_set **set, dla_error *err);
/* Looks again: for new runs, and for what the others have written since. Those that are gone go. */
dla_status dla_run_set_update(dla_run_set *set, dla_error *err);
void dla_run_set_free(dla_run_set *set);

#endif
