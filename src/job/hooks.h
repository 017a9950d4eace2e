/* What a job needs of its caller, because it prints nothing itself. */
#ifndef DLA_JOB_HOOKS_H
#define DLA_JOB_HOOKS_H

#include "config/config.h"
#include "staging/observer.h"

typedef struct dla_job_hooks {
  void *context; /* of all of them */
  /* Nothing is trained: of the checkpoint, what an optimizer keeps is not read. */
  bool weights_only;
  /* Comes first, once: how much is said is a matter of the configuration. */
  void (*configured)(void *context, const dla_config *config);
  void (*say)(void *context, const char *line);
  /* An error beside the one that the job ends with. */
  void (*report)(void *context, const dla_error *err);
  /* What transfers tell; stop() is for those of the input. */
  dla_stage_observer (*observer)(void *context);
} dla_job_hooks;

void dla_job_say(const dla_job_hooks *hooks, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
