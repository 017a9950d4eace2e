/* `exportEnvAs` of a module: its steps write to a $DEEPSQUARE_ENV of their own, and its variables
 * are exported under other names. */
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
/* Exports to the steps after the module, which are in `around`. */
dla_status dla_module_exports_hand_out(const dla_module_exports *exports,
                                       const dla_workflow_use *use, const dla_scope *around,
                                       dla_error *err);
/* Removes the file. */
void dla_module_exports_free(dla_module_exports *exports);

#endif
