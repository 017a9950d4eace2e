#include "workflow/launch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/start_thread.h"
#include "base/strbuf.h"

struct dla_launched {
  dla_launched *before; /* the one launched before it */
  const dla_workflow_step *step;
  dla_job job; /* a copy of the job with its own signal */
  dla_workflow_hooks around;
  dla_scope scope;
  char *label, *prefix;
  dla_run_steps *run;
  pthread_t thread;
  _Atomic int signal; /* ends it; 0: none yet */
  dla_status status;
  dla_error err;
};

static int take_signal(void *context)
{
  dla_launched *l = context;
  int signal = l->around.signal(l->around.context);
  return signal ? signal : atomic_load(&l->signal);
}

static void *work(void *context)
{
  dla_launched *l = context;
  l->status = l->run(&l->job, &l->step->launch.steps, &l->scope, &l->err);
  return NULL;
}

static void free_launched(dla_launched *l)
{
  free(l->label);
  free(l->prefix);
  free(l);
}

dla_status dla_launches_begin(dla_launches *launches, dla_job *job, const dla_workflow_step *step,
                              const dla_scope *scope, const char *label, dla_run_steps *run,
                              dla_error *err)
{
  dla_launched *l = calloc(1, sizeof *l);
  dla_strbuf prefix = {0};
  if (!l) return dla_fail_memory(err, "a launched step");
  dla_strbuf_printf(&prefix, "%s/", label);
  *l = (dla_launched){.before = launches->last,
                      .step = step,
                      .job = *job,
                      .around = job->hooks,
                      .scope = *scope,
                      .label = strdup(label),
                      .prefix = prefix.text,
                      .run = run};
  l->job.hooks.signal = take_signal;
  l->job.hooks.context = l;
  l->scope.prefix = l->prefix;
  dla_status status =
      !l->label || prefix.failed
          ? dla_fail_memory(err, "a launched step")
          : dla_start_thread(&l->thread, NULL, work, l, "a thread for a launched step", err);
  if (status)
    free_launched(l);
  else
    launches->last = l;
  return status;
}

/* Waits for its thread, and removes it from the list. */
static dla_status join(dla_launched **place, dla_error *err)
{
  dla_launched *l = *place;
  pthread_join(l->thread, NULL);
  *place = l->before;
  dla_status status = l->status;
  if (status) *err = l->err;
  free_launched(l);
  return status;
}

dla_status dla_launches_await(dla_launches *launches, const dla_workflow_step *step, dla_error *err)
{
  for (dla_launched **place = &launches->last; *place; place = &(*place)->before)
    if ((*place)->step == step) return join(place, err);
  return DLA_OK;
}

void dla_launches_end(dla_launches *launches)
{
  for (dla_launched *l = launches->last; l; l = l->before)
    atomic_store(&l->signal, (int)l->step->launch.signal);
  while (launches->last) {
    dla_error err = {0};
    dla_job_log *log = launches->last->job.log;
    dla_status status = join(&launches->last, &err);
    if (status && status != DLA_E_INTERRUPTED)
      dla_job_log_say(log, "%s: %s; nothing depended on it", err.where, err.what);
  }
}
