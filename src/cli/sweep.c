/* dla-train sweep FILE: runs the trials of a hyperparameter sweep, here or as a Slurm job array. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/plural.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/program_path.h"
#include "cli/signals.h"
#include "cli/sweep_array.h"
#include "cli/verb.h"
#include "slurm/submit.h"
#include "sweep/leaderboard.h"
#include "sweep/run.h"

typedef struct sweep_options {
  bool dry_run, report, csv, json, slurm, now, retry_failed;
  const char *trial;
} sweep_options;

static const dla_flag flags[] = {
    {"dry-run", NULL, "list the trials, and do nothing", offsetof(sweep_options, dry_run)},
    {"report", NULL, "print the leaderboard, and run nothing", offsetof(sweep_options, report)},
    {"csv", NULL, "the leaderboard as CSV", offsetof(sweep_options, csv)},
    {"json", NULL, "the leaderboard as JSON", offsetof(sweep_options, json)},
    {"retry-failed", NULL, "run the trials that failed, too",
     offsetof(sweep_options, retry_failed)},
    {"trial", "NUMBER", "run one trial only, by its number in --dry-run",
     offsetof(sweep_options, trial)},
    {"slurm", NULL, "print a Slurm batch script: a job array with a job for every trial",
     offsetof(sweep_options, slurm)},
    {"now", NULL, "with --slurm: submit it", offsetof(sweep_options, now)},
    {0},
};

/* A sweep, and what to do with it. */
typedef struct job {
  dla_sweep sweep;
  dla_trials trials;
  const sweep_options *options;
} job;

/* ---- Printing ---- */

static void on_line(void *context, const char *text)
{
  (void)context;
  fprintf(stderr, "%s\n", text);
}

static dla_status list_trials(const job *j, dla_error *err)
{
  dla_strbuf out = {0};
  for (size_t i = 0; i < j->trials.count; i++) {
    const dla_trial *trial = &j->trials.items[i];
    dla_strbuf_printf(&out, "%zu  %s\n  ", i + 1, trial->name);
    for (size_t p = 0; p < j->sweep.parameter_count; p++)
      dla_strbuf_printf(&out, " %s", trial->overrides[p]);
    dla_strbuf_printf(&out, "\n");
  }
  return dla_cli_print(&out, err);
}

static dla_status print_standing(const job *j, const dla_standing *standing, dla_error *err)
{
  dla_strbuf out = {0};
  dla_leaderboard *write = j->options->csv    ? dla_leaderboard_csv
                           : j->options->json ? dla_leaderboard_json
                                              : dla_leaderboard_table;
  write(&j->sweep, &j->trials, standing, &out);
  return dla_cli_print(&out, err);
}

/* ---- Actions ---- */

static dla_status report(const job *j, size_t *failed, dla_error *err)
{
  dla_standing standing;
  TRY(dla_standing_look(&j->sweep, &j->trials, &standing, err));
  *failed = dla_standing_failed(&standing);
  dla_status status = print_standing(j, &standing, err);
  dla_standing_free(&standing);
  return status;
}

static dla_status run_all(const job *j, const char *program, const dla_sweep_hooks *hooks,
                          dla_error *err)
{
  size_t failed = 0;
  TRY(dla_sweep_run(&j->sweep, &j->trials, program, hooks, err));
  dla_status status = report(j, &failed, err);
  if (status || !failed) return status;
  dla_fail(err, DLA_E_STEP, j->sweep.file, "--retry-failed runs them again",
           "%zu of %zu trial%s failed", failed, j->trials.count, dla_plural(j->trials.count));
  err->exit_status = DLA_EXIT_FAILURE;
  return DLA_E_STEP;
}

static dla_status find_trial(const job *j, size_t *trial, dla_error *err)
{
  int64_t number;
  if (!dla_integer_read(j->options->trial, &number) || number < 1 ||
      (uint64_t)number > j->trials.count)
    return dla_fail(err, DLA_E_INPUT, "--trial", NULL,
                    "must be a number from 1 to %zu, not '%.40s'", j->trials.count,
                    j->options->trial);
  *trial = (size_t)number - 1;
  return DLA_OK;
}

static dla_status forget_failures(const job *j, dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = 0; i < j->trials.count && !status; i++)
    status = dla_trial_forget_failure(&j->trials.items[i], err);
  return status;
}

static dla_status run_here(const job *j, dla_error *err)
{
  static const dla_sweep_hooks hooks = {.line = on_line, .signal = dla_cli_stop_signal};
  char *program;
  size_t trial = 0;
  dla_status status = dla_cli_program_path(&program, err);
  if (status) return status;
  dla_cli_catch_signals();
  if (j->options->trial) {
    status = find_trial(j, &trial, err);
    if (!status) status = dla_sweep_run_one(&j->sweep, &j->trials, trial, program, &hooks, err);
  } else {
    status = run_all(j, program, &hooks, err);
  }
  free(program);
  return status;
}

static dla_status run_array(const job *j, dla_error *err)
{
  dla_standing standing;
  dla_strbuf script = {0}, printed = {0};
  TRY(dla_standing_look(&j->sweep, &j->trials, &standing, err));
  dla_status status =
      dla_sweep_array(&j->sweep, &j->trials, &standing, j->options->retry_failed, &script, err);
  dla_standing_free(&standing);
  if (!status && j->options->now) status = dla_slurm_submit(&script, &printed, err);
  if (!status) status = dla_cli_print(j->options->now ? &printed : &script, err);
  dla_strbuf_free(&script);
  dla_strbuf_free(&printed);
  return status;
}

static dla_status act(const job *j, dla_error *err)
{
  size_t ignored;
  const sweep_options *o = j->options;
  if (o->dry_run) return list_trials(j, err);
  if (o->report) return report(j, &ignored, err);
  if (o->slurm) return run_array(j, err);
  TRY(o->retry_failed ? forget_failures(j, err) : DLA_OK);
  return run_here(j, err);
}

static dla_status check_options(const dla_arguments *arguments, const sweep_options *o,
                                dla_error *err)
{
  if (arguments->count != 1)
    return dla_fail(err, DLA_E_INPUT, "sweep", "dla-train sweep FILE", "it takes one sweep file");
  if (o->dry_run + o->report + o->slurm + (o->trial != NULL) > 1)
    return dla_fail(err, DLA_E_INPUT, "sweep", NULL,
                    "--dry-run, --report, --slurm and --trial exclude each other");
  if ((o->csv || o->json) && (o->dry_run || o->slurm || o->trial || (o->csv && o->json)))
    return dla_fail(err, DLA_E_INPUT, "sweep", NULL,
                    "--csv or --json says how the leaderboard is printed, and there is none");
  if (o->now && !o->slurm)
    return dla_fail(err, DLA_E_INPUT, "sweep", "without it the sweep runs here",
                    "--now goes with --slurm");
  if (o->retry_failed && (o->dry_run || o->report || o->trial))
    return dla_fail(err, DLA_E_INPUT, "sweep", NULL,
                    "--retry-failed goes with a run of all trials, or --slurm");
  return DLA_OK;
}

static dla_status sweep(dla_arguments *arguments, void *options, dla_error *err)
{
  job j = {.options = options};
  TRY(check_options(arguments, options, err));
  dla_status status = dla_sweep_read(arguments->operands[0], &j.sweep, err);
  if (!status) status = dla_trials_make(&j.sweep, &j.trials, err);
  if (!status) status = act(&j, err);
  dla_trials_free(&j.trials);
  dla_sweep_free(&j.sweep);
  return status;
}

const dla_verb dla_verb_sweep = {
    .name = "sweep",
    .summary = "run the trials of a hyperparameter sweep",
    .arguments = "FILE",
    .flags = flags,
    .options = sizeof(sweep_options),
    .act = sweep,
};
