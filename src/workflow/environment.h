/* The variables of a step: what a process is started with. */
#ifndef DLA_WORKFLOW_ENVIRONMENT_H
#define DLA_WORKFLOW_ENVIRONMENT_H

#include "workflow/workflow.h"

typedef struct dla_environment {
  char **items; /* "KEY=value", then NULL: as execve() takes it */
  bool *own;    /* set by the job, not inherited */
  size_t count, capacity;
  bool failed; /* out of memory; checked once, at the end */
} dla_environment;

/* Starts with the variables of this process. */
void dla_environment_inherit(dla_environment *e);
void dla_environment_set(dla_environment *e, const char *key, const char *value);
void dla_environment_set_all(dla_environment *e, const dla_workflow_variables *variables);
/* The KEY=value lines of a file; others and comments (#) are passed over, as on the grid. A file
 * that is gone holds none. */
dla_status dla_environment_set_file(dla_environment *e, const char *path, dla_error *err);
/* NULL where it is not set. */
const char *dla_environment_get(const dla_environment *e, const char *key);
void dla_environment_free(dla_environment *e);

#endif
