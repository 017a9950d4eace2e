#include "workflow/read_resources.h"

#include "base/try.h"

dla_status dla_workflow_read_job_resources(dla_workflow_reader *r, const yaml_node_t *node,
                                           void *field)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_WHOLE("tasks", dla_workflow_resources, tasks, true, 1),
      DLA_WORKFLOW_WHOLE("cpusPerTask", dla_workflow_resources, cpus_per_task, true, 1),
      DLA_WORKFLOW_WHOLE("memPerCpu", dla_workflow_resources, mem_per_cpu, true, 1),
      DLA_WORKFLOW_WHOLE("gpus", dla_workflow_resources, gpus, false, 0),
      DLA_WORKFLOW_WHOLE("gpusPerTask", dla_workflow_resources, gpus_per_task, false, 0),
      {0},
  };
  static const dla_workflow_mapping mapping = {.what = "'resources'", .keys = keys};
  dla_workflow_resources *resources = field;
  resources->gpus = resources->gpus_per_task = -1;
  TRY(dla_workflow_read_mapping(r, &mapping, node, resources));
  if (!dla_workflow_has(r, node, "gpus") && !dla_workflow_has(r, node, "gpusPerTask"))
    return dla_yaml_fail(&r->yaml, node, r->yaml.kind->manual, "'resources' needs 'gpus'");
  if (resources->gpus < 0) resources->gpus = resources->tasks * resources->gpus_per_task;
  return DLA_OK;
}

dla_status dla_workflow_read_step_resources(dla_workflow_reader *r, const yaml_node_t *node,
                                            void *field)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_WHOLE("tasks", dla_workflow_resources, tasks, false, 1),
      DLA_WORKFLOW_WHOLE("cpusPerTask", dla_workflow_resources, cpus_per_task, false, 1),
      DLA_WORKFLOW_WHOLE("memPerCpu", dla_workflow_resources, mem_per_cpu, false, 1),
      DLA_WORKFLOW_WHOLE("gpusPerTask", dla_workflow_resources, gpus, false, 0),
      {0},
  };
  static const dla_workflow_unsupported unsupported[] = {{"gpus", "0", "it has gpusPerTask"}, {0}};
  static const dla_workflow_mapping mapping = {
      .what = "'resources' of a step", .keys = keys, .unsupported = unsupported};
  return dla_workflow_read_mapping(r, &mapping, node, field);
}
