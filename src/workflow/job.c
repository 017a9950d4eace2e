#include "workflow/job.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/try.h"
#include "process/memory.h"

bool dla_job_uses_container(const dla_job *job, const dla_workflow_step *step)
{
  return step->run.container.image && !job->options.no_container;
}

dla_workflow_resources dla_job_resources(const dla_job *job, const dla_workflow_step *step)
{
  dla_workflow_resources r = step->run.resources;
  const dla_workflow_resources *of_job = &job->workflow->resources;
  if (!r.tasks) r.tasks = 1; /* not the job's number: as on the grid */
  if (!r.cpus_per_task) r.cpus_per_task = of_job->cpus_per_task;
  if (!r.mem_per_cpu) r.mem_per_cpu = of_job->mem_per_cpu;
  if (r.gpus < 0) r.gpus = 0;
  return r;
}

static dla_status fail_step(const dla_workflow_step *step, const char *hint, const char *what,
                            dla_error *err)
{
  char where[256];
  snprintf(where, sizeof where, "%.200s:%zu", step->file, step->line);
  return dla_fail(err, DLA_E_INPUT, where, hint, "'%.60s' %s", step->name, what);
}

/* Which users a runtime can map to: podman to any, the others only to root. */
static bool maps_user(const dla_job *job, const dla_workflow_command *run, bool inside)
{
  if (run->map_uid < 0 && run->map_gid < 0) return true;
  if (!inside) return job->unshare;
  return job->runtime.kind == DLA_RUNTIME_PODMAN || (run->map_uid == 0 && run->map_gid <= 0);
}

/* Fails if the step needs something of one kind that this node lacks. */
typedef dla_status find_lack(const dla_job *job, const dla_workflow_step *step, bool inside,
                             dla_error *err);

static dla_status lacks_runtime(const dla_job *job, const dla_workflow_step *step, bool inside,
                                dla_error *err)
{
  if (!inside || job->runtime.program) return DLA_OK;
  return fail_step(step, "install one, or run the command on the host with --no-container",
                   "needs a container, but this node has none of apptainer, podman and enroot",
                   err);
}

static dla_status lacks_image(const dla_job *job, const dla_workflow_step *step, bool inside,
                              dla_error *err)
{
  const dla_workflow_command *run = &step->run;
  if (inside && run->container.grid_hosted && !dla_container_has_image(&run->container))
    return fail_step(step, "name a public image, without deepsquareHosted",
                     "needs an image that lies on the grid's own nodes", err);
  if (inside && job->runtime.program && !dla_runtime_takes(&job->runtime, &run->container))
    return fail_step(step, "install apptainer, or name an image of a registry",
                     job->runtime.kind == DLA_RUNTIME_PODMAN
                         ? "has a file as its image, which podman cannot run"
                         : "has an apptainer file as its image, which enroot cannot run",
                     err);
  if (!inside && run->entrypoint && job->options.no_container)
    return fail_step(step, "run it without --no-container",
                     "runs what its image starts, which is nothing without the image", err);
  return DLA_OK;
}

static dla_status lacks_shell(const dla_job *job, const dla_workflow_step *step, bool inside,
                              dla_error *err)
{
  (void)job;
  if (!inside && step->run.shell && access(step->run.shell, X_OK))
    return fail_step(step, "leave 'shell' out for /bin/sh", "needs a shell that is not here", err);
  return DLA_OK;
}

static dla_status lacks_user(const dla_job *job, const dla_workflow_step *step, bool inside,
                             dla_error *err)
{
  if ((inside && !job->runtime.program) || maps_user(job, &step->run, inside)) return DLA_OK;
  return fail_step(step, inside ? "podman can" : "install util-linux, for unshare",
                   "asks for a user that cannot be mapped here", err);
}

static dla_status lacks_program(const dla_job *job, const dla_workflow_step *step, bool inside,
                                dla_error *err)
{
  (void)inside;
  if (step->run.resources.tasks > 1 && step->run.command && !job->srun && !job->mpirun)
    return fail_step(step, "install openmpi-bin",
                     "asks for several tasks, but this node has neither srun nor mpirun", err);
  return DLA_OK;
}

static dla_status lacks_bash(const dla_job *job, const dla_workflow_step *step, bool inside,
                             dla_error *err)
{
  (void)inside;
  if (step->condition && !job->bash)
    return fail_step(step, "install bash", "has an 'if', which needs bash", err);
  return DLA_OK;
}

/* lacks: collects everything that is missing; NULL: stops at the first. */
static dla_status check_step(const dla_job *job, const dla_workflow_step *step,
                             dla_workflow_faults *lacks, dla_error *err)
{
  static find_lack *const all[] = {lacks_runtime, lacks_image,   lacks_shell,
                                   lacks_user,    lacks_program, lacks_bash};
  const bool inside = dla_job_uses_container(job, step);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    dla_status status = all[i](job, step, inside, err);
    if (status && !lacks) return status;
    if (status) TRY(dla_workflow_faults_add(lacks, err, err));
  }
  return DLA_OK;
}

static dla_status check_steps(const dla_job *job, const dla_workflow_steps *steps,
                              dla_workflow_faults *lacks, dla_error *err)
{
  for (size_t i = 0; i < steps->count; i++) {
    const dla_workflow_step *step = &steps->items[i];
    const dla_workflow_steps *const inner[] = {&step->steps, &step->loop.steps, &step->launch.steps,
                                               &step->on_failure, &step->always};
    TRY(check_step(job, step, lacks, err));
    for (size_t k = 0; k < sizeof inner / sizeof *inner; k++)
      TRY(check_steps(job, inner[k], lacks, err));
  }
  return DLA_OK;
}

dla_status dla_job_lacks(const dla_job *job, dla_workflow_faults *lacks, dla_error *err)
{
  return check_steps(job, &job->workflow->steps, lacks, err);
}

__attribute__((format(printf, 4, 5))) static dla_status add_shortage(const dla_job *job,
                                                                     dla_workflow_faults *shortages,
                                                                     dla_error *err,
                                                                     const char *format, ...)
{
  char line[160];
  dla_error shortage = {0};
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  dla_fail(&shortage, DLA_E_INPUT, job->workflow->name, NULL, "%s", line);
  return dla_workflow_faults_add(shortages, &shortage, err);
}

dla_status dla_job_shortages(const dla_job *job, dla_workflow_faults *shortages, dla_error *err)
{
  const dla_workflow_resources *r = &job->workflow->resources;
  const uint64_t wanted = (uint64_t)(r->tasks * r->cpus_per_task * r->mem_per_cpu),
                 present = dla_memory_of_node() >> 20;
  if (r->gpus > 0 && !job->runtime.gpus)
    TRY(add_shortage(job, shortages, err,
                     "resources.gpus is %" PRId64 ", but this node has none: the CPU is used",
                     r->gpus));
  if (present && wanted > present)
    TRY(add_shortage(job, shortages, err,
                     "the job asks for %" PRIu64 " MB of memory, but this node has %" PRIu64,
                     wanted, present));
  return DLA_OK;
}

dla_status dla_job_prepare(dla_job *job, const dla_workflow *workflow,
                           const dla_workflow_options *options, dla_error *err)
{
  *job = (dla_job){.workflow = workflow, .options = *options};
  dla_runtime_find(&job->runtime);
  job->srun = dla_find_program("srun");
  job->mpirun = dla_find_program("mpirun");
  job->bash = dla_find_program("bash");
  job->unshare = dla_find_program("unshare");
  return options->plan_only ? DLA_OK : check_steps(job, &workflow->steps, NULL, err);
}

void dla_job_release(dla_job *job)
{
  dla_runtime_free(&job->runtime);
  free(job->srun);
  free(job->mpirun);
  free(job->bash);
  free(job->unshare);
  dla_folders_free(&job->folders);
  dla_job_log_free(job->log);
}
