/* What the steps of a module with `exportEnvAs` write to $DEEPSQUARE_ENV: a file of their own,
 * whose outputs go on under other names. */
#ifndef DLA_WORKFLOW_MODULE_EXPORTS_H
#define DLA_WORKFLOW_MODULE_EXPORTS_H

#include "workflow/job.h"

typedef struct dla_module_exports {
  const dla_job *job;
  char *path;
  const char *name; /* of the file, below scratch */
} dla_module_exports;

dla_status dla_module_exports_begin(dla_module_exports *exports, const dla_job *job,
                                    dla_error *err);
/* To the steps behind the module, which are in `around`. */
dla_status dla_module_exports_hand_out(const dla_module_exports *exports,
                                       const dla_workflow_use *use, const dla_scope *around,
                                       dla_error *err);
/* Removes the file. */
void dla_module_exports_free(dla_module_exports *exports);

#endif
