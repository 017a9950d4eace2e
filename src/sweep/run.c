#include "sweep/run.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cpu.h"
#include "base/folder_lock.h"
#include "base/make_folder.h"
#include "base/one_line.h"
#include "base/plural.h"
#include "base/start_thread.h"
#include "base/try.h"
#include "sweep/about.h"
#include "sweep/halving.h"
#include "sweep/run_trial.h"

typedef struct runner {
  const dla_sweep *sweep;
  const dla_trials *trials;
  const char *program;
  const dla_sweep_hooks *hooks;
  const dla_standing *standing;
  pthread_mutex_t lock; /* guards what follows, and calls of line() */
  size_t next;
  bool stop; /* after a signal, or an error of the sweep itself */
  dla_status status;
  dla_error error;
} runner;

/* One of the parallel workers. */
typedef struct lane {
  runner *runner;
  pthread_t thread;
  dla_cpu_share cpus;
} lane;

__attribute__((format(printf, 2, 3))) static void say(runner *r, const char *format, ...)
{
  char text[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  dla_one_line(text);
  pthread_mutex_lock(&r->lock);
  r->hooks->line(r->hooks->context, text);
  pthread_mutex_unlock(&r->lock);
}

/* As many threads as without a sweep, but no more than the lane's share: SLURM_CPUS_PER_TASK, for
 * example, counts for all lanes together. */
static int threads_of_lane(const runner *r)
{
  int wanted = dla_cpu_threads(0, (int)r->sweep->parallel);
  int share = dla_cpu_available() / (int)r->sweep->parallel;
  return share < 1 ? 1 : wanted < share ? wanted : share;
}

/* ---- One trial ---- */

static int64_t rung_epochs(const runner *r, int rung)
{
  return r->sweep->method == DLA_SWEEP_HALVING ? dla_sweep_rung_epochs(r->sweep, rung) : 0;
}

static void say_start(runner *r, const dla_trial *trial, const dla_trial_state *state,
                      int64_t epochs)
{
  const char *how = state->stage == DLA_TRIAL_UNFINISHED ? "goes on" : "starts";
  if (epochs)
    say(r, "%s: %s, to epoch %" PRId64, trial->name, how, epochs);
  else
    say(r, "%s: %s", trial->name, how);
}

static dla_status say_end(runner *r, const dla_trial *trial, int64_t epochs,
                          const dla_trial_end *end, dla_error *err)
{
  dla_trial_state state = {0};
  if (end->interrupted) {
    say(r, "%s: interrupted", trial->name);
    return DLA_OK;
  }
  if (end->exit_status) {
    say(r, "%s: %s with status %d: %s", trial->name,
        end->exit_status == DLA_EXIT_DIVERGED ? "diverged" : "failed", end->exit_status,
        end->error);
    return DLA_OK;
  }
  TRY(dla_trial_look(r->sweep, trial, epochs ? epochs : INT64_MAX, &state, err));
  say(r, "%s: %" PRId64 " epoch%s, %s %.4f", trial->name, state.epochs,
      dla_plural((uint64_t)state.epochs), r->sweep->metric->name, state.value);
  return DLA_OK;
}

static dla_status run_trial(runner *r, const dla_trial *trial, const dla_trial_state *state,
                            const dla_cpu_share *cpus, int threads, dla_trial_end *end,
                            dla_error *err)
{
  const dla_trial_run run = {.sweep = r->sweep,
                             .trial = trial,
                             .program = r->program,
                             .epochs = rung_epochs(r, state->rung),
                             .cpus = cpus,
                             .threads = threads,
                             .signal = r->hooks->signal,
                             .signal_context = r->hooks->context};
  say_start(r, trial, state, run.epochs);
  TRY(dla_trial_run_once(&run, end, err));
  return say_end(r, trial, run.epochs, end, err);
}

static dla_status interrupted(const runner *r, dla_error *err)
{
  return dla_fail(err, DLA_E_INTERRUPTED, r->sweep->file, "the same command goes on",
                  "what the trials did is saved");
}

/* ---- In parallel ---- */

static bool has_more_to_do(const dla_standing *s, size_t i)
{
  return s->states[i].rung == s->rung &&
         (s->states[i].stage == DLA_TRIAL_WAITING || s->states[i].stage == DLA_TRIAL_UNFINISHED);
}

/* The next trial to run. False: none is left, or the sweep is stopping. */
static bool take_next(runner *r, size_t *i)
{
  pthread_mutex_lock(&r->lock);
  r->stop |= r->hooks->signal(r->hooks->context) != 0;
  while (r->next < r->trials->count && !has_more_to_do(r->standing, r->next))
    r->next++;
  bool found = !r->stop && r->next < r->trials->count;
  *i = r->next;
  if (found) r->next++;
  pthread_mutex_unlock(&r->lock);
  return found;
}

static void take_error(runner *r, dla_status status, const dla_error *error)
{
  pthread_mutex_lock(&r->lock);
  r->stop = true;
  if (!r->status) {
    r->status = status;
    r->error = *error;
  }
  pthread_mutex_unlock(&r->lock);
}

static void *run_lane(void *context)
{
  lane *here = context;
  runner *r = here->runner;
  size_t i;
  while (take_next(r, &i)) {
    dla_trial_end end;
    dla_error error = {0};
    dla_status status = run_trial(r, &r->trials->items[i], &r->standing->states[i], &here->cpus,
                                  threads_of_lane(r), &end, &error);
    if (!status && end.interrupted) status = interrupted(r, &error);
    if (status) take_error(r, status, &error);
  }
  return NULL;
}

static dla_status start_lanes(runner *r, lane *lanes, int *started, dla_error *err)
{
  int count = (int)r->sweep->parallel;
  for (*started = 0; *started < count; ++*started) {
    lane *next = &lanes[*started];
    next->runner = r;
    TRY(dla_cpu_share_make(*started, count, &next->cpus, err));
    dla_status status =
        dla_start_thread(&next->thread, NULL, run_lane, next, "a thread for a trial", err);
    if (status) {
      dla_cpu_share_free(&next->cpus);
      return status;
    }
  }
  return DLA_OK;
}

/* Runs all trials of the current rung. */
static dla_status run_rung(runner *r, dla_error *err)
{
  lane *lanes = calloc((size_t)r->sweep->parallel, sizeof *lanes);
  if (!lanes) return dla_fail_memory(err, "the trials");
  int started = 0;
  dla_status status = start_lanes(r, lanes, &started, err);
  if (status) take_error(r, status, err);
  for (int i = 0; i < started; i++) {
    pthread_join(lanes[i].thread, NULL);
    dla_cpu_share_free(&lanes[i].cpus);
  }
  free(lanes);
  if (r->status) *err = r->error;
  if (!r->status && r->stop) return interrupted(r, err);
  return r->status;
}

/* ---- The sweep ---- */

/* Checks before anything starts: the processors exist, and no folder belongs to another sweep. */
static dla_status check_all(const dla_sweep *sweep, const dla_trials *trials, dla_error *err)
{
  dla_cpu_share share;
  char where[300];
  snprintf(where, sizeof where, "%.250s: parallel", sweep->file);
  dla_error why = {0};
  dla_status status = dla_cpu_share_make(0, (int)sweep->parallel, &share, &why);
  if (status) return dla_fail(err, status, where, why.hint, "%s", why.what);
  dla_cpu_share_free(&share);
  for (size_t i = 0; i < trials->count; i++)
    TRY(dla_trial_check_folder(sweep, &trials->items[i], false, err));
  return DLA_OK;
}

static dla_status run_rungs(runner *r, dla_error *err)
{
  int rungs = dla_sweep_rungs(r->sweep);
  for (bool done = false; !done;) {
    dla_standing standing;
    TRY(dla_standing_look(r->sweep, r->trials, &standing, err));
    done = standing.rung == rungs;
    r->standing = &standing;
    r->next = 0;
    dla_status status = done ? DLA_OK : run_rung(r, err);
    dla_standing_free(&standing);
    if (status) return status;
  }
  return DLA_OK;
}

dla_status dla_sweep_run(const dla_sweep *sweep, const dla_trials *trials, const char *program,
                         const dla_sweep_hooks *hooks, dla_error *err)
{
  dla_folder_lock *lock;
  TRY(check_all(sweep, trials, err));
  TRY(dla_make_folder(sweep->dir, err));
  TRY(dla_folder_lock_take(sweep->dir, &lock, err));
  dla_status status = dla_sweep_keep_about(sweep, err);
  runner r = {.sweep = sweep, .trials = trials, .program = program, .hooks = hooks};
  pthread_mutex_init(&r.lock, NULL);
  for (size_t i = 0; i < trials->count && !status; i++)
    dla_trial_settle(sweep, &trials->items[i]);
  if (!status) status = run_rungs(&r, err);
  pthread_mutex_destroy(&r.lock);
  dla_folder_lock_release(lock);
  return status;
}

static dla_status run_alone(runner *r, const dla_trial *trial, dla_error *err)
{
  dla_trial_end end;
  dla_trial_state state = {0};
  const dla_cpu_share all = {0};
  TRY(dla_trial_look(r->sweep, trial, INT64_MAX, &state, err));
  if (state.stage == DLA_TRIAL_FINISHED) {
    dla_trial_settle(r->sweep, trial);
    say(r, "%s: finished", trial->name);
    return DLA_OK;
  }
  TRY(run_trial(r, trial, &state, &all, dla_cpu_threads(0, 1), &end, err));
  if (end.interrupted) return interrupted(r, err);
  if (!end.exit_status) return DLA_OK;
  dla_fail(err, DLA_E_STEP, trial->name, NULL, "the trial failed: %.400s", end.error);
  err->exit_status = end.exit_status;
  return DLA_E_STEP;
}

dla_status dla_sweep_run_one(const dla_sweep *sweep, const dla_trials *trials, size_t trial,
                             const char *program, const dla_sweep_hooks *hooks, dla_error *err)
{
  if (sweep->method == DLA_SWEEP_HALVING)
    return dla_fail(err, DLA_E_UNSUPPORTED, sweep->file, "run the sweep as a whole",
                    "method: the trials of a halving sweep wait for one another");
  TRY(dla_trial_check_folder(sweep, &trials->items[trial], false, err));
  TRY(dla_make_folder(sweep->dir, err));
  TRY(dla_sweep_keep_about(sweep, err));
  runner r = {.sweep = sweep, .trials = trials, .program = program, .hooks = hooks};
  pthread_mutex_init(&r.lock, NULL);
  dla_status status = run_alone(&r, &trials->items[trial], err);
  pthread_mutex_destroy(&r.lock);
  return status;
}
