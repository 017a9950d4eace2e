/* `input` and `output` of a workflow file. */
#ifndef DLA_WORKFLOW_READ_TRANSFER_H
#define DLA_WORKFLOW_READ_TRANSFER_H

#include "workflow/keys.h"

/* A field of type dla_workflow_transfer. What the transfer would refuse before its first request is
 * told here, with its line. */
dla_status dla_workflow_read_transfer(dla_workflow_reader *r, const yaml_node_t *node, void *field);

#endif
