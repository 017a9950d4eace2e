/* A running job: data that its steps share. */
#ifndef DLA_WORKFLOW_JOB_H
#define DLA_WORKFLOW_JOB_H

#include "workflow/container.h"
#include "workflow/log.h"

typedef struct dla_job {
  const dla_workflow *workflow;
  dla_workflow_options options;
  dla_workflow_hooks hooks;
  dla_folders folders;
  dla_runtime runtime;
  char *srun, *mpirun; /* paths; NULL: not on this node */
  char *bash;          /* evaluates `if` */
  char *unshare;       /* maps a user on the host */
  dla_job_log *log;
} dla_job;

/* The variables of the modules around a step. */
typedef struct dla_module_scope {
  const dla_workflow_variables *inputs;
  const struct dla_module_scope *around;
} dla_module_scope;

/* The place of a step: the names around it, and the iteration of the innermost loop. */
typedef struct dla_scope {
  const char *prefix;             /* "loop[2]/"; "" at the top */
  const char *item, *index;       /* NULL outside of loops */
  const char *error_code;         /* in `catch` and `finally`: the step's exit status; else NULL */
  const dla_module_scope *module; /* the innermost; NULL: outside of modules */
  const char *env_name;           /* the file of DEEPSQUARE_ENV, below scratch; NULL: the job's */
} dla_scope;

/* Finds out what this node has, and checks that the workflow can run on it: runtimes, shells,
 * launchers. Release it, also after a failure. */
dla_status dla_job_prepare(dla_job *job, const dla_workflow *workflow,
                           const dla_workflow_options *options, dla_error *err);
void dla_job_release(dla_job *job);

/* Does this step's command run in a container? */
bool dla_job_uses_container(const dla_job *job, const dla_workflow_step *step);

/* The resources of a step, with the job's values where it sets none. */
dla_workflow_resources dla_job_resources(const dla_job *job, const dla_workflow_step *step);

/* Appends what the workflow needs and this node lacks. Errors: DLA_E_MEMORY. */
dla_status dla_job_lacks(const dla_job *job, dla_workflow_faults *lacks, dla_error *err);

/* Appends the resources of which this node has fewer than the job asks for; the job still runs.
 * Errors: DLA_E_MEMORY. */
dla_status dla_job_shortages(const dla_job *job, dla_workflow_faults *shortages, dla_error *err);

/* Runs all steps. Writes failures to the log; see dla_workflow_run() for the status. */
dla_status dla_job_run_steps(dla_job *job, const dla_workflow_steps *steps, const dla_scope *scope,
                             dla_error *err);

#endif
