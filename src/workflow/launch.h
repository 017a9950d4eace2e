/* Steps that go on beside those behind them: `launch`. */
#ifndef DLA_WORKFLOW_LAUNCH_H
#define DLA_WORKFLOW_LAUNCH_H

#include "workflow/job.h"

/* Those of one list of steps. Start from (dla_launches){0}. */
typedef struct dla_launched dla_launched;
typedef struct dla_launches {
  dla_launched *last;
} dla_launches;

/* Who runs a list of steps. */
typedef dla_status dla_run_steps(dla_job *job, const dla_workflow_steps *steps,
                                 const dla_scope *scope, dla_error *err);

/* Begins the steps of `launch` in a thread of their own; label is the step's full name. */
dla_status dla_launches_begin(dla_launches *launches, dla_job *job, const dla_workflow_step *step,
                              const dla_scope *scope, const char *label, dla_run_steps *run,
                              dla_error *err);

/* Waits until what the step has launched is done, and fails where that has failed. Nothing to do
 * where the step has launched nothing. */
dla_status dla_launches_await(dla_launches *launches, const dla_workflow_step *step,
                              dla_error *err);

/* The steps around have ended: sends what is left its signal, and waits for it. What it fails with
 * nobody awaited; the log says it. */
void dla_launches_end(dla_launches *launches);

#endif
