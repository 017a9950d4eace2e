#ifndef DLA_WORKFLOW_READ_MODULE_H
#define DLA_WORKFLOW_READ_MODULE_H

#include "workflow/keys.h"

/* Reads a field of type dla_workflow_steps. */
typedef dla_status dla_workflow_steps_reader(dla_workflow_reader *r, const yaml_node_t *node,
                                             void *field);

/* Reads a step's `use` into its `use` and `steps`. */
dla_status dla_workflow_read_module(dla_workflow_reader *r, const yaml_node_t *node,
                                    dla_workflow_step *step, dla_workflow_steps_reader *read_steps);

/* Notes the modules that need more resources than the job has. */
dla_status dla_workflow_check_modules(dla_workflow_reader *r, const dla_workflow_resources *job,
                                      const dla_workflow_steps *steps);

#endif
