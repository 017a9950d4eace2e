/* dla-train run FILE: runs a workflow of the grid on this node. */
#include "workflow/run.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/program_path.h"
#include "cli/signals.h"
#include "cli/verb.h"
#include "config/config.h"

typedef struct run_options {
  bool dry_run, render_sbatch, check;
  dla_workflow_options job;
} run_options;

static const dla_flag flags[] = {
    {"dry-run", NULL, "say what would be done, and do nothing", offsetof(run_options, dry_run)},
    {"check", NULL, "say all that is wrong with the file, or cannot be done here",
     offsetof(run_options, check)},
    {"render-sbatch", NULL, "print a Slurm batch script that runs the file",
     offsetof(run_options, render_sbatch)},
    {"no-container", NULL, "run commands on the host, whatever `container` says",
     offsetof(run_options, job.no_container)},
    {"keep", NULL, "leave the scratch folder where it is", offsetof(run_options, job.keep)},
    {0},
};

static void on_line(void *context, const char *text, bool aside)
{
  (void)context;
  fprintf(aside ? stderr : stdout, "%s%s\n", aside ? "dla-train: " : "", text);
}

static int on_signal(void *context)
{
  (void)context;
  return dla_cli_stop_signal();
}

static dla_status render(const dla_workflow *workflow, const char *path,
                         const dla_workflow_options *options, dla_error *err)
{
  dla_strbuf out = {0};
  char *program, *file = realpath(path, NULL);
  dla_status status = dla_cli_program_path(&program, err);
  if (!status) dla_workflow_sbatch(workflow, program, file ? file : path, options, &out);
  free(program);
  free(file);
  return status ? status : dla_cli_print(&out, err);
}

/* The config's variables are set by the step, later. */
static dla_status check_train(const char *name, const char *text, dla_error *err)
{
  const dla_config_layers layers = {.path = name, .text = text, .variables_later = true};
  dla_config config;
  dla_status status = dla_config_load(&config, &layers, err);
  if (!status) dla_config_free(&config);
  return status;
}

/* A single fault is in the error. If there are several, each also gets a line. */
static dla_status read_file(const char *path, dla_workflow *workflow, dla_error *err)
{
  static const dla_workflow_checks checks = {.train = check_train, .conditions = true};
  dla_workflow_faults faults = {0};
  dla_status status = dla_workflow_read(path, &checks, workflow, &faults, err);
  if (status && faults.count > 1) fputs(dla_strbuf_text(&faults.lines), stderr);
  dla_strbuf_free(&faults.lines);
  return status;
}

static dla_status run_file(const char *path, const run_options *options, dla_error *err)
{
  static const char *const train[] = {"/proc/self/exe", "train-step", "--", NULL};
  static const dla_workflow_hooks hooks = {.line = on_line, .signal = on_signal, .train = train};
  dla_workflow workflow;
  dla_strbuf out = {0};
  TRY(read_file(path, &workflow, err));
  dla_status status;
  if (options->check) {
    status = dla_workflow_check(&workflow, &out, err);
    if (!status) status = dla_cli_print(&out, err);
  } else if (options->render_sbatch) {
    status = render(&workflow, path, &options->job, err);
  } else if (options->dry_run) {
    status = dla_workflow_plan(&workflow, &options->job, &out, err);
    if (!status) status = dla_cli_print(&out, err);
  } else {
    setvbuf(stdout, NULL, _IOLBF, 0); /* shows each line at once, also through a pipe */
    dla_cli_catch_signals();
    status = dla_workflow_run(&workflow, &options->job, &hooks, err);
  }
  dla_workflow_free(&workflow);
  return status;
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_arguments arguments;
  run_options options = {0};
  dla_status status = dla_arguments_parse(&arguments, verb, argc, argv, &options, err);
  if (status) return status;
  if (arguments.count != 1)
    status = dla_fail(err, DLA_E_INPUT, "run", "dla-train run FILE", "it takes one workflow file");
  else if (options.dry_run + options.render_sbatch + options.check > 1)
    status = dla_fail(err, DLA_E_INPUT, "run", NULL,
                      "--dry-run, --render-sbatch and --check exclude each other");
  else
    status = run_file(arguments.operands[0], &options, err);
  dla_arguments_free(&arguments);
  return status;
}

const dla_verb dla_verb_run = {
    .name = "run",
    .summary = "run a workflow file of the grid on this node",
    .arguments = "FILE",
    .flags = flags,
    .run = run,
};
