#ifndef DLA_WORKFLOW_ORDER_H
#define DLA_WORKFLOW_ORDER_H

#include "workflow/keys.h"

/* Fills steps->order, of the steps that stand in the list: as written, but a step comes behind
 * those it depends on. A name that no step of the list has is noted; a circle is an error. Steps
 * without a name are those that could not be read. */
dla_status dla_workflow_order(dla_workflow_reader *r, const yaml_node_t *list,
                              dla_workflow_steps *steps);

#endif
