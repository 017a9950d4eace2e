/* Options and callbacks of a run's caller. */
#ifndef DLA_WORKFLOW_HOOKS_H
#define DLA_WORKFLOW_HOOKS_H

#include <stdbool.h>

typedef struct dla_workflow_options {
  bool no_container; /* run commands on the host, whatever `container` says */
  bool no_gpus;      /* the batch script asks Slurm for none, whatever `resources` says */
  bool keep;         /* keep the scratch folder */
  bool plan_only;    /* nothing is started: it is no error if this node lacks something */
} dla_workflow_options;

typedef enum dla_workflow_outcome {
  DLA_STEP_DONE,
  DLA_STEP_CAUGHT, /* it failed, and its `catch` succeeded */
  DLA_STEP_FAILED,
  DLA_STEP_SKIPPED, /* its `if` is false */
  DLA_STEP_STOPPED  /* by a signal */
} dla_workflow_outcome;

/* A step that has ended. */
typedef struct dla_workflow_ended {
  const char *name; /* with the names around it: "loop[2]/train" */
  dla_workflow_outcome outcome;
  int exit_status; /* of the step itself, also if its failure was caught */
  double seconds;  /* with its `catch` and `finally` */
} dla_workflow_ended;

/* Callbacks of the runner. No two are called at once. */
typedef struct dla_workflow_hooks {
  void *context;
  /* A line without its newline: of a step, or (aside) of the runner itself. */
  void (*line)(void *context, const char *text, bool aside);
  /* A step has ended; those in it came before. NULL: nobody asks. */
  void (*ended)(void *context, const dla_workflow_ended *step);
  /* The signal that asked to stop, or 0. */
  int (*signal)(void *context);
  /* The command that trains with the config on its standard input. It is followed by the name for
   * its errors. Ends with NULL. */
  const char *const *train;
} dla_workflow_hooks;

#endif
