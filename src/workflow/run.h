/* Runs a workflow on this node. */
#ifndef DLA_WORKFLOW_RUN_H
#define DLA_WORKFLOW_RUN_H

#include "base/strbuf.h"
#include "workflow/hooks.h"
#include "workflow/workflow.h"

/* DLA_E_STEP: a step failed; err->exit_status is its exit status. DLA_E_NOT_PUSHED: the steps are
 * done, but some output stayed here. DLA_E_INTERRUPTED: a signal came. */
dla_status dla_workflow_run(const dla_workflow *workflow, const dla_workflow_options *options,
                            const dla_workflow_hooks *hooks, dla_error *err);

/* Describes what would be done, for people, without secrets. */
dla_status dla_workflow_plan(const dla_workflow *workflow, const dla_workflow_options *options,
                             dla_strbuf *out, dla_error *err);

/* Appends what this node lacks for the workflow, and of what it has less than is asked for, with
 * which it would run all the same. */
dla_status dla_workflow_check(const dla_workflow *workflow, dla_workflow_faults *missing,
                              dla_workflow_faults *shortages, dla_error *err);

/* Writes a Slurm batch script that runs the file `path` with `program`. */
void dla_workflow_sbatch(const dla_workflow *workflow, const char *program, const char *path,
                         const dla_workflow_options *options, dla_strbuf *out);

#endif
