/* What to execute for a step: arguments, variables, folder. */
#ifndef DLA_WORKFLOW_STEP_COMMAND_H
#define DLA_WORKFLOW_STEP_COMMAND_H

#include "workflow/job.h"

typedef struct dla_step_command {
  dla_argv prepare; /* run it first; may be empty */
  dla_argv argv;
  dla_environment env;
  char *image_file; /* prepare writes it */
  char *folder;
  bool folder_missing; /* the workDir is not on this node, so folder is another one */
} dla_step_command;

/* For a step with `run`. label is its full name. Free it, also after a failure. */
dla_status dla_step_command_make(const dla_job *job, const dla_workflow_step *step,
                                 const dla_scope *scope, const char *label,
                                 dla_step_command *command, dla_error *err);
/* Only the variables, with the paths of this node or (inside) of a container. */
dla_status dla_step_environment(const dla_job *job, const dla_workflow_step *step,
                                const dla_scope *scope, bool inside, dla_environment *env,
                                dla_error *err);
void dla_step_command_free(dla_step_command *command);

#endif
