#include "workflow/read_resources.h"

#include "base/try.h"

static const dla_workflow_key job_keys[] = {
    DLA_WORKFLOW_WHOLE("tasks", dla_workflow_resources, tasks, true, 1),
    DLA_WORKFLOW_WHOLE("cpusPerTask", dla_workflow_resources, cpus_per_task, true, 1),
    DLA_WORKFLOW_WHOLE("memPerCpu", dla_workflow_resources, mem_per_cpu, true, 1),
    DLA_WORKFLOW_WHOLE("gpus", dla_workflow_resources, gpus, false, 0),
    DLA_WORKFLOW_WHOLE("gpusPerTask", dla_workflow_resources, gpus_per_task, false, 0),
    {0},
};
const dla_workflow_mapping dla_workflow_job_resources = {
    .what = "'resources'", .keys = job_keys, .scratch = offsetof(dla_workflow, resources)};

dla_status dla_workflow_read_job_resources(dla_workflow_reader *r, const yaml_node_t *node,
                                           void *field)
{
  dla_workflow_resources *resources = field;
  resources->gpus = resources->gpus_per_task = -1;
  TRY(dla_workflow_read_mapping(r, &dla_workflow_job_resources, node, resources));
  if (!dla_workflow_has(r, node, "gpus") && !dla_workflow_has(r, node, "gpusPerTask"))
    return dla_yaml_fail(&r->yaml, node, r->yaml.kind->manual, "'resources' needs 'gpus'");
  if (resources->gpus < 0 && resources->tasks > 0 && resources->gpus_per_task >= 0)
    resources->gpus = resources->tasks * resources->gpus_per_task;
  return DLA_OK;
}

static const dla_workflow_key step_keys[] = {
    DLA_WORKFLOW_WHOLE("tasks", dla_workflow_resources, tasks, false, 1),
    DLA_WORKFLOW_WHOLE("cpusPerTask", dla_workflow_resources, cpus_per_task, false, 1),
    DLA_WORKFLOW_WHOLE("memPerCpu", dla_workflow_resources, mem_per_cpu, false, 1),
    DLA_WORKFLOW_WHOLE("gpusPerTask", dla_workflow_resources, gpus, false, 0),
    {0},
};
static const dla_workflow_unsupported step_unsupported[] = {{"gpus", "0", "it has gpusPerTask"},
                                                            {0}};
const dla_workflow_mapping dla_workflow_step_resources = {
    .what = "'resources' of a step",
    .keys = step_keys,
    .unsupported = step_unsupported,
    .in_step = true,
    .scratch = offsetof(dla_workflow_step, resources)};
