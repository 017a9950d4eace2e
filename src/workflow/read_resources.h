#ifndef DLA_WORKFLOW_READ_RESOURCES_H
#define DLA_WORKFLOW_READ_RESOURCES_H

#include "workflow/keys.h"

extern const dla_workflow_mapping dla_workflow_job_resources, dla_workflow_step_resources;

/* Reads a field of type dla_workflow_resources: a job's. */
dla_status dla_workflow_read_job_resources(dla_workflow_reader *r, const yaml_node_t *node,
                                           void *field);

#endif
