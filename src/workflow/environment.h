/* The environment variables of a step. */
#ifndef DLA_WORKFLOW_ENVIRONMENT_H
#define DLA_WORKFLOW_ENVIRONMENT_H

#include "workflow/workflow.h"

typedef struct dla_environment {
  char **items; /* "KEY=value", then NULL, as for execve() */
  bool *own;    /* set by the job, not inherited */
  size_t count, capacity;
  bool failed; /* out of memory; checked once, at the end */
} dla_environment;

/* Starts with the variables of this process. */
void dla_environment_inherit(dla_environment *e);
void dla_environment_set(dla_environment *e, const char *key, const char *value);
void dla_environment_set_all(dla_environment *e, const dla_workflow_variables *variables);
/* Sets the KEY=value lines of a file. Other lines and comments (#) are skipped, as on the grid. A
 * missing file has no lines. */
dla_status dla_environment_set_file(dla_environment *e, const char *path, dla_error *err);
/* NULL: not set. */
const char *dla_environment_get(const dla_environment *e, const char *key);
void dla_environment_free(dla_environment *e);

#endif
