/* --dry-run: shows what would be done. */
#include <inttypes.h>

#include "base/one_line.h"
#include "base/try.h"
#include "workflow/redact.h"
#include "workflow/run.h"
#include "workflow/step_command.h"
#include "workflow/transfer.h"

typedef struct plan {
  dla_job job;
  dla_strbuf *out;
  dla_error *err;
  const dla_module_scope *module; /* around the steps being added */
} plan;

static void indent(plan *p, int depth)
{
  dla_strbuf_printf(p->out, "%*s", 2 * depth, "");
}

/* Adds text of the file, without secrets, on one line. */
static void add_text(plan *p, const char *before, const char *text, const char *behind)
{
  dla_strbuf shown = {0};
  dla_workflow_redact(p->job.workflow, text, &shown);
  if (shown.text) dla_one_line(shown.text);
  dla_strbuf_printf(p->out, "%s%s%s", before, dla_strbuf_text(&shown), behind);
  p->out->failed |= dla_strbuf_done(&shown);
}

static void add_folders(plan *p)
{
  dla_strbuf_printf(p->out, "folders:\n");
  for (dla_folder i = 0; i < DLA_FOLDER_COUNT; i++)
    dla_strbuf_printf(p->out, "  %s=%s\n", dla_folder_names_of[i].variable, p->job.folders.path[i]);
}

static void add_transfer(plan *p, const char *name, const dla_workflow_transfer *t,
                         const char *more)
{
  if (!t->protocol) return;
  dla_strbuf_printf(p->out, "%s: ", name);
  dla_transfer_show(t, p->out);
  dla_strbuf_printf(p->out, "%s%s\n", t->delete_sync ? ", deleting what is gone" : "", more);
}

/* Adds only names: values may be secrets. */
static void add_variables(plan *p, int depth, const dla_workflow_variables *variables)
{
  if (!variables->count) return;
  indent(p, depth);
  dla_strbuf_printf(p->out, "env:");
  for (size_t i = 0; i < variables->count; i++)
    dla_strbuf_printf(p->out, " %s", variables->items[i].key);
  dla_strbuf_printf(p->out, "\n");
}

static void add_argv(plan *p, int depth, const dla_argv *argv)
{
  dla_strbuf text = {0};
  dla_argv_show(argv, &text);
  indent(p, depth);
  dla_workflow_redact(p->job.workflow, dla_strbuf_text(&text), p->out);
  dla_strbuf_printf(p->out, "\n");
  p->out->failed |= dla_strbuf_done(&text);
}

static dla_status add_command(plan *p, int depth, const dla_workflow_step *step)
{
  const dla_scope scope = {.prefix = "", .module = p->module};
  dla_step_command c;
  dla_status status = dla_step_command_make(&p->job, step, &scope, step->name, &c, p->err);
  if (!status) {
    indent(p, depth);
    add_text(p, "in ", c.folder, ":\n");
    if (c.prepare.count) add_argv(p, depth, &c.prepare);
    add_argv(p, depth, &c.argv);
  }
  dla_step_command_free(&c);
  return status;
}

static dla_status add_steps(plan *p, int depth, const dla_workflow_steps *steps);

static dla_status add_part(plan *p, int depth, const char *name, const dla_workflow_steps *steps)
{
  if (!steps->count) return DLA_OK;
  indent(p, depth);
  dla_strbuf_printf(p->out, "%s:\n", name);
  return add_steps(p, depth + 1, steps);
}

static void add_loop(plan *p, int depth, const dla_workflow_loop *loop)
{
  indent(p, depth);
  dla_strbuf_printf(p->out, "for %zu passes%s:", dla_workflow_loop_count(loop),
                    loop->parallel ? " at once" : "");
  for (size_t i = 0; i < dla_workflow_loop_count(loop); i++) {
    char index[24];
    const char *item;
    dla_workflow_loop_pass(loop, i, index, &item);
    add_text(p, " ", item, "");
  }
  dla_strbuf_printf(p->out, "\n");
}

static dla_status add_launch(plan *p, int depth, const dla_workflow_launch *launch)
{
  indent(p, depth);
  add_text(p, launch->handle ? "beside the next steps, as " : "beside the next steps",
           launch->handle ? launch->handle : "", ":\n");
  return add_steps(p, depth + 1, &launch->steps);
}

static dla_status add_use(plan *p, int depth, const dla_workflow_step *step)
{
  const dla_module_scope module = {.inputs = &step->use.inputs, .around = p->module};
  indent(p, depth);
  add_text(p, "the module ", step->use.file, ":\n");
  add_variables(p, depth + 1, &step->use.inputs);
  p->module = &module;
  dla_status status = add_steps(p, depth + 1, &step->steps);
  p->module = module.around;
  return status;
}

static dla_status add_step(plan *p, int depth, const dla_workflow_step *step)
{
  indent(p, depth);
  add_text(p, "- ", step->name, "\n");
  depth++;
  if (step->condition) {
    indent(p, depth);
    add_text(p, "if [[ ", step->condition, " ]]\n");
  }
  add_variables(p, depth, &step->run.env);
  if (step->run.command) TRY(add_command(p, depth, step));
  if (step->train) {
    indent(p, depth);
    dla_strbuf_printf(p->out, "train in %s\n", p->job.folders.path[DLA_FOLDER_OUTPUT]);
  }
  if (step->use.file)
    TRY(add_use(p, depth, step));
  else
    TRY(add_part(p, depth, "steps", &step->steps));
  if (step->loop.present) {
    add_loop(p, depth, &step->loop);
    TRY(add_steps(p, depth + 1, &step->loop.steps));
  }
  if (step->launch.present) TRY(add_launch(p, depth, &step->launch));
  TRY(add_part(p, depth, "catch", &step->on_failure));
  return add_part(p, depth, "finally", &step->always);
}

static dla_status add_steps(plan *p, int depth, const dla_workflow_steps *steps)
{
  for (size_t i = 0; i < steps->count; i++)
    TRY(add_step(p, depth, &steps->items[steps->order[i]]));
  return DLA_OK;
}

static dla_status add_all(plan *p)
{
  const dla_workflow *w = p->job.workflow;
  const dla_workflow_resources *r = &w->resources;
  TRY(dla_folders_create(&p->job.folders, false, p->err));
  dla_strbuf_printf(p->out,
                    "resources: %" PRId64 " tasks, %" PRId64 " cpus each, %" PRId64
                    " MB a cpu, %" PRId64 " gpus\n",
                    r->tasks, r->cpus_per_task, r->mem_per_cpu, r->gpus);
  add_folders(p);
  add_transfer(p, "input", &w->input, "");
  if (w->input_mode >= 0)
    dla_strbuf_printf(p->out, "input mode: %" PRIo64 "\n", (uint64_t)w->input_mode);
  add_variables(p, 0, &w->env);
  dla_strbuf_printf(p->out, "steps:\n");
  TRY(add_steps(p, 1, &w->steps));
  add_transfer(p, "output", &w->output,
               w->continuous_sync && w->output.protocol == DLA_WORKFLOW_S3
                   ? ", all the time and at the end"
                   : ", at the end");
  dla_strbuf_printf(p->out, "logs: %s\n",
                    w->logging ? "the terminal, and logs/ in the output" : "the terminal");
  return DLA_OK;
}

/* Lists what is missing here but must exist where the job runs. */
static dla_status add_lacks(plan *p)
{
  dla_workflow_faults lacks = {0};
  dla_status status = dla_job_lacks(&p->job, &lacks, p->err);
  if (!status && lacks.count) {
    dla_strbuf_printf(p->out, "missing on this node:\n");
    dla_workflow_faults_print(&lacks, p->out);
  }
  dla_workflow_faults_free(&lacks);
  return status;
}

dla_status dla_workflow_check(const dla_workflow *workflow, dla_workflow_faults *missing,
                              dla_workflow_faults *shortages, dla_error *err)
{
  dla_job job;
  const dla_workflow_options options = {.plan_only = true};
  dla_status status = dla_job_prepare(&job, workflow, &options, err);
  if (!status) status = dla_job_lacks(&job, missing, err);
  if (!status) status = dla_job_shortages(&job, shortages, err);
  dla_job_release(&job);
  return status;
}

dla_status dla_workflow_plan(const dla_workflow *workflow, const dla_workflow_options *options,
                             dla_strbuf *out, dla_error *err)
{
  plan p = {.out = out, .err = err};
  dla_workflow_options only_plan = *options;
  only_plan.plan_only = true;
  dla_status status = dla_job_prepare(&p.job, workflow, &only_plan, err);
  if (!status) status = add_all(&p);
  if (!status) status = add_lacks(&p);
  dla_job_release(&p.job);
  if (status) dla_strbuf_free(out);
  return status;
}
