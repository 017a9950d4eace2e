#ifndef DLA_WORKFLOW_READ_STEP_H
#define DLA_WORKFLOW_READ_STEP_H

#include "workflow/keys.h"

/* Reads a field of type dla_workflow_steps. */
dla_status dla_workflow_read_steps(dla_workflow_reader *r, const yaml_node_t *node, void *field);

#endif
