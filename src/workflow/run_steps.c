/* Runs steps in order: if, run, train, nested steps, for, catch, finally. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/start_thread.h"
#include "base/strbuf.h"
#include "base/try.h"
#include "process/process.h"
#include "workflow/condition.h"
#include "workflow/job.h"
#include "workflow/launch.h"
#include "workflow/module_exports.h"
#include "workflow/step_command.h"

/* A running step. */
typedef struct running {
  dla_job *job;
  const dla_workflow_step *step;
  const dla_scope *scope;
  const char *label; /* its full name */
  dla_launches *launches;
  dla_job_stream *stream;
  dla_error *err;
  dla_workflow_ended ended;
} running;

static void take_line(void *context, const char *line)
{
  dla_job_stream_line(context, line);
}

static dla_status fail(const running *r, int exit_status, const char *what)
{
  dla_job_stream_say_last(r->stream);
  dla_status status = dla_fail(r->err, DLA_E_STEP, r->label, NULL, "%s", what);
  r->err->exit_status = exit_status;
  return status;
}

static dla_status fail_stopped(const running *r)
{
  return dla_fail(r->err, DLA_E_INTERRUPTED, r->label, NULL, "the step was stopped");
}

static dla_status judge(const running *r, const dla_process_end *end)
{
  char what[160];
  dla_workflow_resources q = dla_job_resources(r->job, r->step);
  if (end->interrupted) return fail_stopped(r);
  if (end->over_memory) {
    snprintf(what, sizeof what,
             "the step needs more than %" PRId64 " MB, which its memPerCpu, cpusPerTask and tasks "
             "allow",
             q.tasks * q.cpus_per_task * q.mem_per_cpu);
    return fail(r, end->status, what);
  }
  if (end->status == 0) return DLA_OK;
  if (end->status > 128)
    snprintf(what, sizeof what, "the step was ended by signal %d", end->status - 128);
  else
    snprintf(what, sizeof what, "the step failed with status %d", end->status);
  return fail(r, end->status, what);
}

static dla_status execute(const running *r, dla_process *process)
{
  dla_process_end end;
  dla_workflow_resources q = dla_job_resources(r->job, r->step);
  process->memory_limit = (uint64_t)(q.tasks * q.cpus_per_task * q.mem_per_cpu);
  process->signal = r->job->hooks.signal;
  process->signal_context = r->job->hooks.context;
  process->line = take_line;
  process->line_context = r->stream;
  TRY(dla_process_run(process, &end, r->err));
  return judge(r, &end);
}

static dla_status run_command(running *r)
{
  dla_step_command c;
  dla_status status = dla_step_command_make(r->job, r->step, r->scope, r->label, &c, r->err);
  if (!status && c.folder_missing)
    dla_job_log_say(r->job->log, "warning: %s: the workDir %s is not on this node: it starts in %s",
                    r->label, r->step->run.work_dir, c.folder);
  dla_process process = {.env = c.env.items, .folder = c.folder};
  if (!status && c.prepare.count) {
    unlink(c.image_file); /* from an earlier iteration */
    process.argv = c.prepare.items;
    status = execute(r, &process);
  }
  process.argv = c.argv.items;
  if (!status) status = execute(r, &process);
  dla_step_command_free(&c);
  return status;
}

/* A separate process, which starts in the output folder, so that files with relative names are
 * pushed. The config may hold secrets: it goes neither into the command nor into a file. */
static dla_status run_train(running *r)
{
  dla_environment env = {0};
  dla_argv argv = {0};
  dla_status status = dla_step_environment(r->job, r->step, r->scope, false, &env, r->err);
  for (const char *const *word = r->job->hooks.train; *word; word++)
    dla_argv_add(&argv, "%s", *word);
  dla_argv_add(&argv, "%s", r->step->file);
  dla_process process = {.argv = argv.items,
                         .input = r->step->train,
                         .env = env.items,
                         .folder = r->job->folders.path[DLA_FOLDER_OUTPUT]};
  if (!status && argv.failed) status = dla_fail_memory(r->err, "a command");
  if (!status) status = execute(r, &process);
  dla_argv_free(&argv);
  dla_environment_free(&env);
  return status;
}

/* ---- for ---- */

typedef struct pass {
  const running *loop;
  size_t number;
  dla_status status;
  dla_error err;
} pass;

static void *run_pass(void *context)
{
  pass *p = context;
  const dla_workflow_loop *loop = &p->loop->step->loop;
  char index[24];
  dla_scope scope = *p->loop->scope;
  scope.index = index;
  dla_strbuf prefix = {0};
  dla_workflow_loop_pass(loop, p->number, index, &scope.item);
  dla_strbuf_printf(&prefix, "%s[%s]/", p->loop->label, index);
  scope.prefix = prefix.text;
  p->status = prefix.failed ? dla_fail_memory(&p->err, "a step's name")
                            : dla_job_run_steps(p->loop->job, &loop->steps, &scope, &p->err);
  dla_strbuf_free(&prefix);
  return NULL;
}

/* If one iteration fails, the others continue. The first failure in order is reported. */
static dla_status run_parallel(running *r, size_t count)
{
  pthread_t *threads = calloc(count, sizeof *threads);
  pass *passes = calloc(count, sizeof *passes);
  dla_status status = threads && passes ? DLA_OK : dla_fail_memory(r->err, "the loop");
  size_t started = 0;
  for (; !status && started < count; started++) {
    passes[started] = (pass){.loop = r, .number = started};
    status = dla_start_thread(&threads[started], NULL, run_pass, &passes[started],
                              "a thread for a pass of a parallel loop", r->err);
    if (status) break;
  }
  for (size_t i = 0; i < started; i++) {
    pthread_join(threads[i], NULL);
    if (status || !passes[i].status) continue;
    status = passes[i].status;
    *r->err = passes[i].err;
  }
  free(threads);
  free(passes);
  return status;
}

static dla_status run_loop(running *r)
{
  size_t count = dla_workflow_loop_count(&r->step->loop);
  if (r->step->loop.parallel && count) return run_parallel(r, count);
  for (size_t i = 0; i < count; i++) {
    pass p = {.loop = r, .number = i};
    run_pass(&p);
    if (p.status) {
      *r->err = p.err;
      return p.status;
    }
  }
  return DLA_OK;
}

/* ---- A step ---- */

/* The grid evaluates the text between bash's [[ and ]]. The answers are special exit statuses,
 * because bash -c also ends with 0 if it cannot parse its text. */
enum { IF_TRUE = 10, IF_FALSE = 11 };

static dla_status evaluate(running *r, bool *truth)
{
  dla_strbuf script = {0};
  dla_argv argv = {0};
  dla_environment env = {0};
  dla_process_end end = {0};
  dla_status status = dla_step_environment(r->job, r->step, r->scope, false, &env, r->err);
  dla_condition_script(r->step->condition, IF_TRUE, IF_FALSE, &script);
  dla_argv_add(&argv, "%s", r->job->bash);
  dla_argv_add(&argv, "-c");
  dla_argv_add(&argv, "%s", dla_strbuf_text(&script));
  if (!status && (argv.failed || script.failed)) status = dla_fail_memory(r->err, "a condition");
  dla_process process = {.argv = argv.items,
                         .env = env.items,
                         .folder = r->job->folders.path[DLA_FOLDER_STORAGE],
                         .signal = r->job->hooks.signal,
                         .signal_context = r->job->hooks.context,
                         .line = take_line,
                         .line_context = r->stream};
  if (!status) status = dla_process_run(&process, &end, r->err);
  *truth = end.status == IF_TRUE;
  if (!status && end.interrupted)
    status = fail_stopped(r);
  else if (!status && !*truth && end.status != IF_FALSE)
    status = fail(r, DLA_EXIT_INPUT, "its 'if' is no test of bash's [[ ]]");
  dla_strbuf_free(&script);
  dla_argv_free(&argv);
  dla_environment_free(&env);
  return status;
}

/* code: the exit status of the step that `catch` or `finally` belongs to; NULL: neither. */
static dla_status run_nested(running *r, const dla_workflow_steps *steps, const char *part,
                             const char *code, dla_error *err)
{
  dla_scope scope = *r->scope;
  dla_strbuf prefix = {0};
  dla_strbuf_printf(&prefix, "%s%s/", r->label, part);
  scope.prefix = prefix.text;
  if (code) scope.error_code = code;
  dla_status status = prefix.failed ? dla_fail_memory(err, "a step's name")
                                    : dla_job_run_steps(r->job, steps, &scope, err);
  dla_strbuf_free(&prefix);
  return status;
}

/* A module has its own variables, and its own names for exported ones. */
static dla_status run_use(running *r)
{
  const dla_workflow_use *use = &r->step->use;
  const dla_module_scope module = {.inputs = &use->inputs, .around = r->scope->module};
  dla_scope scope = *r->scope;
  dla_module_exports exports = {0};
  scope.module = &module;
  if (use->export_as && *use->export_as) {
    TRY(dla_module_exports_begin(&exports, r->job, r->err));
    scope.env_name = exports.name;
  }
  running inner = *r;
  inner.scope = &scope;
  dla_status status = run_nested(&inner, &r->step->steps, "", NULL, r->err);
  if (!status && exports.name)
    status = dla_module_exports_hand_out(&exports, use, r->scope, r->err);
  dla_module_exports_free(&exports);
  return status;
}

static dla_status run_body(running *r)
{
  const dla_workflow_step *step = r->step;
  if (step->run.command) return run_command(r);
  if (step->train) return run_train(r);
  if (step->loop.present) return run_loop(r);
  if (step->use.file) return run_use(r);
  if (step->launch.present)
    return dla_launches_begin(r->launches, r->job, step, r->scope, r->label, dla_job_run_steps,
                              r->err);
  return run_nested(r, &step->steps, "", NULL, r->err);
}

/* As on the grid, the job continues after a `catch` that succeeds. */
static dla_status catch_failure(running *r, dla_status status, const char *code)
{
  dla_error later = {0};
  dla_status after = run_nested(r, &r->step->on_failure, "/catch", code, &later);
  if (after == DLA_E_INTERRUPTED) *r->err = later;
  if (after == DLA_E_INTERRUPTED) return after;
  if (after) {
    dla_job_log_say(r->job->log, "%s: %s", later.where, later.what);
    return status;
  }
  dla_job_log_say(r->job->log, "%s: %s; its 'catch' succeeded, and the job goes on", r->err->where,
                  r->err->what);
  r->ended.outcome = DLA_STEP_CAUGHT;
  return DLA_OK;
}

static dla_status finish(running *r, dla_status status, const char *code)
{
  dla_error last = {0};
  dla_status after = run_nested(r, &r->step->always, "/finally", code, &last);
  if (!after) return status;
  if (status && after != DLA_E_INTERRUPTED)
    dla_job_log_say(r->job->log, "%s: %s", last.where, last.what);
  else
    *r->err = last;
  return status && after != DLA_E_INTERRUPTED ? status : after;
}

/* A stopping job does not start `catch` or `finally`: there is hardly time to push the output. */
static dla_status run_step(running *r)
{
  bool truth = true;
  char code[16];
  if (r->step->condition) TRY(evaluate(r, &truth));
  if (!truth) {
    dla_job_log_say(r->job->log, "%s: skipped, its 'if' is false", r->label);
    r->ended.outcome = DLA_STEP_SKIPPED;
    return DLA_OK;
  }
  dla_job_log_say(r->job->log, "%s: started", r->label);
  dla_status status = run_body(r);
  r->ended.exit_status = status == DLA_E_STEP ? r->err->exit_status : dla_exit_status(status);
  snprintf(code, sizeof code, "%d", r->ended.exit_status);
  if (status && status != DLA_E_INTERRUPTED && r->step->on_failure.count)
    status = catch_failure(r, status, code);
  return status == DLA_E_INTERRUPTED ? status : finish(r, status, code);
}

static void tell_end(running *r, dla_status status, double seconds)
{
  dla_workflow_ended *ended = &r->ended;
  ended->name = r->label;
  ended->seconds = seconds;
  if (status) {
    ended->outcome = status == DLA_E_INTERRUPTED ? DLA_STEP_STOPPED : DLA_STEP_FAILED;
    ended->exit_status = status == DLA_E_STEP ? r->err->exit_status : dla_exit_status(status);
  }
  dla_job_log_ended(r->job->log, ended);
}

static dla_status run_named(dla_job *job, const dla_workflow_step *step, const dla_scope *scope,
                            dla_launches *launches, dla_error *err)
{
  dla_strbuf label = {0};
  dla_strbuf_printf(&label, "%s%s", scope->prefix, step->name);
  if (label.failed) {
    dla_strbuf_free(&label);
    return dla_fail_memory(err, "a step's name");
  }
  running r = {.job = job,
               .step = step,
               .scope = scope,
               .label = label.text,
               .launches = launches,
               .err = err};
  const double begin = dla_clock();
  dla_status status = dla_job_stream_open(job->log, label.text, &r.stream, err);
  if (!status) status = run_step(&r);
  dla_job_stream_close(r.stream);
  tell_end(&r, status, dla_clock() - begin);
  dla_strbuf_free(&label);
  return status;
}

static dla_status run_in_order(dla_job *job, const dla_workflow_steps *steps,
                               const dla_scope *scope, dla_launches *launches, dla_error *err)
{
  for (size_t i = 0; i < steps->count; i++) {
    const dla_workflow_step *step = &steps->items[steps->order[i]];
    for (size_t k = 0; k < step->depends_on.count; k++)
      TRY(dla_launches_await(launches, dla_workflow_find_step(steps, step->depends_on.items[k]),
                             err));
    if (job->hooks.signal(job->hooks.context))
      return dla_fail(err, DLA_E_INTERRUPTED, step->name, NULL, "stopped before this step");
    TRY(run_named(job, step, scope, launches, err));
  }
  return DLA_OK;
}

dla_status dla_job_run_steps(dla_job *job, const dla_workflow_steps *steps, const dla_scope *scope,
                             dla_error *err)
{
  dla_launches launches = {0};
  dla_status status = run_in_order(job, steps, scope, &launches, err);
  dla_launches_end(&launches);
  return status;
}
