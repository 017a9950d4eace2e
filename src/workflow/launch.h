/* `launch`: steps that run in the background of later ones. */
#ifndef DLA_WORKFLOW_LAUNCH_H
#define DLA_WORKFLOW_LAUNCH_H

#include "workflow/job.h"

/* The launched steps of one list. Starts as (dla_launches){0}. */
typedef struct dla_launched dla_launched;
typedef struct dla_launches {
  dla_launched *last;
} dla_launches;

/* Runs a list of steps. */
typedef dla_status dla_run_steps(dla_job *job, const dla_workflow_steps *steps,
                                 const dla_scope *scope, dla_error *err);

/* Starts the steps of `launch` in a thread. label is the step's full name. */
dla_status dla_launches_begin(dla_launches *launches, dla_job *job, const dla_workflow_step *step,
                              const dla_scope *scope, const char *label, dla_run_steps *run,
                              dla_error *err);

/* Waits until what the step has launched is done. Fails if that failed. Does nothing if the step
 * launched nothing. */
dla_status dla_launches_await(dla_launches *launches, const dla_workflow_step *step,
                              dla_error *err);

/* Call after the surrounding steps: sends the remaining ones their signal, and waits for them.
 * Failures that nobody awaited only go to the log. */
void dla_launches_end(dla_launches *launches);

#endif
