#ifndef DLA_WORKFLOW_ORDER_H
#define DLA_WORKFLOW_ORDER_H

#include "workflow/workflow.h"

/* Fills steps->order: as written, but a step comes behind those it depends on. A name that no step
 * of the list has, and a circle, are errors; file is for their place. */
dla_status dla_workflow_order(dla_workflow_steps *steps, const char *file, dla_error *err);

#endif
