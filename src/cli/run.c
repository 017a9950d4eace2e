/* dla-train run FILE: runs a workflow of the grid on this node. */
#include "workflow/run.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/program_path.h"
#include "cli/run_json.h"
#include "cli/signals.h"
#include "cli/verb.h"
#include "config/config.h"

typedef struct run_options {
  bool dry_run, render_sbatch, check, json;
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
    {"no-gpus", NULL, "with --render-sbatch: ask Slurm for no GPUs, whatever the file says",
     offsetof(run_options, job.no_gpus)},
    {"json", NULL, "print how the steps ended, or with --check what is wrong, as one JSON object",
     offsetof(run_options, json)},
    {"keep", NULL, "leave the scratch folder where it is", offsetof(run_options, job.keep)},
    {0},
};

/* context: the object that standard output is for; NULL: none. */
static void on_line(void *context, const char *text, bool aside)
{
  fprintf(aside || context ? stderr : stdout, "%s%s\n", aside ? "dla-train: " : "", text);
}

static void on_end(void *context, const dla_workflow_ended *step)
{
  if (context) dla_run_object_add(context, step);
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
  if (status) return status;
  if (workflow->resources.gpus > 0 && !options->no_gpus)
    fprintf(stderr,
            "warning: the script asks Slurm for GPUs (%" PRId64 "), as the file does; a cluster "
            "without GPUs refuses it (leave them out with --no-gpus)\n",
            workflow->resources.gpus);
  return dla_cli_print(&out, err);
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
static dla_status read_file(const char *path, const run_options *options, dla_workflow *workflow,
                            dla_run_check *found, dla_error *err)
{
  static const dla_workflow_checks checks = {.train = check_train, .conditions = true};
  dla_strbuf lines = {0};
  const dla_status status = dla_workflow_read(path, &checks, workflow, &found->faults, err);
  if (!status) return DLA_OK;
  if (found->faults.count > 1) dla_workflow_faults_print(&found->faults, &lines);
  fputs(dla_strbuf_text(&lines), stderr);
  dla_strbuf_free(&lines);
  if (!options->json || status != DLA_E_INPUT) return status;
  if (!found->faults.count) TRY(dla_workflow_faults_add(&found->faults, err, err));
  dla_error unprinted = {0};
  if (dla_run_print_check(path, found, &unprinted)) *err = unprinted;
  return err->status;
}

static dla_status print_check(const dla_workflow *workflow, const dla_run_check *found,
                              dla_error *err)
{
  dla_strbuf out = {0};
  if (found->missing.count)
    dla_strbuf_printf(&out, "%s: nothing in it is wrong, but this node lacks what it needs:\n",
                      workflow->name);
  else
    dla_strbuf_printf(&out, "%s: everything in it can be done here\n", workflow->name);
  dla_workflow_faults_print(&found->missing, &out);
  if (found->shortages.count)
    dla_strbuf_printf(&out,
                      "This node has less than it asks for, and it would run all the same:\n");
  dla_workflow_faults_print(&found->shortages, &out);
  return dla_cli_print(&out, err);
}

static dla_status check(const dla_workflow *workflow, const char *path, const run_options *options,
                        dla_run_check *found, dla_error *err)
{
  TRY(dla_workflow_check(workflow, &found->missing, &found->shortages, err));
  return options->json ? dla_run_print_check(path, found, err) : print_check(workflow, found, err);
}

static dla_status plan(const dla_workflow *workflow, const run_options *options, dla_error *err)
{
  dla_strbuf out = {0};
  TRY(dla_workflow_plan(workflow, &options->job, &out, err));
  return dla_cli_print(&out, err);
}

static dla_status start(const dla_workflow *workflow, const char *path, const run_options *options,
                        dla_error *err)
{
  static const char *const train[] = {"/proc/self/exe", "train-step", "--", NULL};
  dla_run_object object;
  const dla_workflow_hooks hooks = {.context = options->json ? &object : NULL,
                                    .line = on_line,
                                    .ended = on_end,
                                    .signal = dla_cli_stop_signal,
                                    .train = train};
  setvbuf(stdout, NULL, _IOLBF, 0); /* a line is seen when it comes, also through a pipe */
  dla_cli_catch_signals();
  if (options->json) dla_run_object_begin(&object, path);
  const dla_status status = dla_workflow_run(workflow, &options->job, &hooks, err);
  if (!options->json) return status;
  dla_error unprinted = {0};
  if (!dla_run_object_print(&object, status ? err : NULL, &unprinted)) return status;
  *err = unprinted;
  return err->status;
}

static dla_status check_options(const dla_arguments *arguments, const run_options *o,
                                dla_error *err)
{
  if (arguments->count != 1)
    return dla_fail(err, DLA_E_INPUT, "run", "dla-train run FILE", "it takes one workflow file");
  if (o->dry_run + o->render_sbatch + o->check > 1)
    return dla_fail(err, DLA_E_INPUT, "run", NULL,
                    "--dry-run, --render-sbatch and --check exclude each other");
  if (o->job.no_gpus && !o->render_sbatch)
    return dla_fail(err, DLA_E_INPUT, "run", "leave it out",
                    "--no-gpus goes with --render-sbatch; a run takes the GPUs that are here");
  if (o->json && (o->dry_run || o->render_sbatch))
    return dla_fail(err, DLA_E_INPUT, "run", "leave it out",
                    "--json goes with a run or with --check, not with %s",
                    o->dry_run ? "--dry-run" : "--render-sbatch");
  return DLA_OK;
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const run_options *o = options;
  const char *path = arguments->operands[0];
  dla_workflow workflow = {0};
  dla_run_check found = {0};
  TRY(check_options(arguments, o, err));
  dla_status status = read_file(path, o, &workflow, &found, err);
  if (!status && o->check)
    status = check(&workflow, path, o, &found, err);
  else if (!status && o->render_sbatch)
    status = render(&workflow, path, &o->job, err);
  else if (!status && o->dry_run)
    status = plan(&workflow, o, err);
  else if (!status)
    status = start(&workflow, path, o, err);
  dla_workflow_free(&workflow);
  dla_run_check_free(&found);
  return status;
}

const dla_verb dla_verb_run = {
    .name = "run",
    .summary = "run a workflow file of the grid on this node",
    .arguments = "FILE",
    .flags = flags,
    .options = sizeof(run_options),
    .act = act,
};
