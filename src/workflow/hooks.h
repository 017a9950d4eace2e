/* What the caller of a run decides, and what it does for it. */
#ifndef DLA_WORKFLOW_HOOKS_H
#define DLA_WORKFLOW_HOOKS_H

#include <stdbool.h>

typedef struct dla_workflow_options {
  bool no_container; /* run commands on the host, whatever `container` says */
  bool keep;         /* the scratch folder */
  bool plan_only;    /* nothing is begun: what this node lacks is no error */
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

#endif
