/* Running a workflow on this node. */
#ifndef DLA_WORKFLOW_RUN_H
#define DLA_WORKFLOW_RUN_H

#include "base/strbuf.h"
#include "workflow/workflow.h"

typedef struct dla_workflow_options {
  bool no_container; /* run commands on the host, whatever `container` says */
  bool keep;         /* the scratch folder */
} dla_workflow_options;

/* What the runner needs of its caller. */
typedef struct dla_workflow_hooks {
  void *context;
  /* A line without its end: of a step, or (aside) of the runner itself. One call at a time. */
  void (*line)(void *context, const char *text, bool aside);
  /* The signal that asked to stop, or 0. */
  int (*signal)(void *context);
  /* The command that trains by the config on its standard input; the name that is for its errors
   * follows. Ends with NULL. */
  const char *const *train;
} dla_workflow_hooks;

/* DLA_E_STEP: a step failed; err->exit_status is its exit status. DLA_E_NOT_PUSHED: the steps are
 * done, but their output stayed here. DLA_E_INTERRUPTED: a signal came. */
dla_status dla_workflow_run(const dla_workflow *workflow, const dla_workflow_options *options,
                            const dla_workflow_hooks *hooks, dla_error *err);

/* What would be done, for people, without secrets. */
dla_status dla_workflow_plan(const dla_workflow *workflow, const dla_workflow_options *options,
                             dla_strbuf *out, dla_error *err);

/* A Slurm batch script that runs the file `path` with `program`. */
void dla_workflow_sbatch(const dla_workflow *workflow, const char *program, const char *path,
                         const dla_workflow_options *options, dla_strbuf *out);

#endif
