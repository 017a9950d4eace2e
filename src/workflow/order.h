#ifndef DLA_WORKFLOW_ORDER_H
#define DLA_WORKFLOW_ORDER_H

#include "workflow/keys.h"

/* Fills steps->order for the steps of the list: as written, but every step comes after those it
 * depends on. Notes names that no step of the list has; a cycle is an error. Steps without a name
 * are those that could not be read. */
dla_status dla_workflow_order(dla_workflow_reader *r, const yaml_node_t *list,
                              dla_workflow_steps *steps);

#endif
