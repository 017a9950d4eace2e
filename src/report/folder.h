/* The runs below a folder. */
#ifndef DLA_REPORT_FOLDER_H
#define DLA_REPORT_FOLDER_H

#include "report/run.h"

typedef struct dla_run_set {
  char *folder, *name;
  dla_run **run; /* sorted by their names, which are paths below the folder */
  size_t count, capacity;
  json_t *sweep; /* sweep.json, which a sweep writes; NULL: this is no sweep */
} dla_run_set;

/* Looks up to three folders deep, and follows no symbolic links. *set may be without runs. Errors:
 * DLA_E_INPUT, it is no folder. Free it with dla_run_set_free(). */
dla_status dla_run_set_open(const char *folder, dla_run_set **set, dla_error *err);
/* Looks again: finds new runs, reads what the others have written since, and drops those that are
 * gone. */
dla_status dla_run_set_update(dla_run_set *set, dla_error *err);
void dla_run_set_free(dla_run_set *set);

#endif
