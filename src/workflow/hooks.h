/* Options and callbacks of a run's caller. */
#ifndef DLA_WORKFLOW_HOOKS_H
#define DLA_WORKFLOW_HOOKS_H

#include <stdbool.h>

typedef struct dla_workflow_options {
  bool no_container; /* run commands on the host, whatever `container` says */
  bool keep;         /* keep the scratch folder */
  bool plan_only;    /* nothing is started: it is no error if this node lacks something */
} dla_workflow_options;

/* Callbacks of the runner. */
typedef struct dla_workflow_hooks {
  void *context;
  /* A line without its newline: of a step, or (aside) of the runner itself. Never called
   * concurrently. */
  void (*line)(void *context, const char *text, bool aside);
  /* The signal that asked to stop, or 0. */
  int (*signal)(void *context);
  /* The command that trains with the config on its standard input. It is followed by the name for
   * its errors. Ends with NULL. */
  const char *const *train;
} dla_workflow_hooks;

#endif
