/* Callbacks of a job, which itself prints nothing. */
#ifndef DLA_JOB_HOOKS_H
#define DLA_JOB_HOOKS_H

#include "config/config.h"
#include "staging/observer.h"

typedef struct dla_job_hooks {
  void *context; /* passed to all of them */
  /* for jobs that do not train: do not read the optimizer's states */
  bool weights_only;
  /* Called once, before the others: the configuration decides how much is printed. */
  void (*configured)(void *context, const dla_config *config);
  void (*say)(void *context, const char *line);
  /* Reports an error other than the one that the job ends with. */
  void (*report)(void *context, const dla_error *err);
  /* An observer for transfers. stop() is for those of the input. */
  dla_stage_observer (*observer)(void *context);
} dla_job_hooks;

void dla_job_say(const dla_job_hooks *hooks, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
