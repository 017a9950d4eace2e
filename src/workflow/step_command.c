#include "workflow/step_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/make_folder.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "base/try.h"

static void set_number(dla_environment *env, const char *key, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, value);
  dla_environment_set(env, key, text);
}

/* NTASKS and so on are the job's, as on the grid. Threads are the step's, limited to the node's
 * processors: more would only wait. */
static void set_resources(const dla_job *job, const dla_workflow_step *step, dla_environment *env)
{
  const dla_workflow_resources *r = &job->workflow->resources;
  int64_t threads = dla_job_resources(job, step).cpus_per_task, most = dla_cpu_available();
  set_number(env, "NTASKS", r->tasks);
  set_number(env, "CPUS_PER_TASK", r->cpus_per_task);
  set_number(env, "MEM_PER_CPU", r->mem_per_cpu);
  set_number(env, "GPUS", r->gpus);
  set_number(env, "GPUS_PER_TASK", r->gpus_per_task >= 0 ? r->gpus_per_task : r->gpus / r->tasks);
  set_number(env, "CPUS", r->tasks * r->cpus_per_task);
  set_number(env, "MEM", r->tasks * r->cpus_per_task * r->mem_per_cpu);
  if (!dla_environment_get(env, "OMP_NUM_THREADS"))
    set_number(env, "OMP_NUM_THREADS", threads < most ? threads : most);
}

/* By default Open MPI refuses root, and more tasks than cores. Other MPIs ignore these
 * variables. */
static void set_launcher(const dla_job *job, const dla_workflow_step *step, dla_environment *env)
{
  if (dla_job_resources(job, step).tasks <= 1) return;
  dla_environment_set(env, "OMPI_MCA_rmaps_base_oversubscribe", "1");
  if (geteuid() != 0) return;
  dla_environment_set(env, "OMPI_ALLOW_RUN_AS_ROOT", "1");
  dla_environment_set(env, "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
}

static void set_inputs(const dla_module_scope *module, dla_environment *env)
{
  if (!module) return;
  set_inputs(module->around, env);
  dla_environment_set_all(env, module->inputs);
}

/* A module with `exportEnvAs` has its own file for exported variables. */
static dla_status set_exported(const dla_job *job, const dla_scope *scope, bool inside,
                               const dla_workflow_variables *of_step, dla_environment *env,
                               dla_error *err)
{
  if (!scope->env_name) {
    dla_environment_set_all(env, of_step);
    return dla_environment_set_file(env, job->folders.path[DLA_FOLDER_ENV], err);
  }
  const char *storage = job->folders.path[DLA_FOLDER_STORAGE];
  char *file = dla_join_path(storage, scope->env_name);
  char *shown = dla_join_path(inside ? dla_folder_names_of[DLA_FOLDER_STORAGE].inside : storage,
                              scope->env_name);
  dla_status status = DLA_OK;
  env->failed |= !file || !shown;
  if (!env->failed) {
    dla_environment_set(env, dla_folder_names_of[DLA_FOLDER_ENV].variable, shown);
    dla_environment_set_all(env, of_step);
    status = dla_environment_set_file(env, file, err);
  }
  free(file);
  free(shown);
  return status;
}

/* Later settings win. The grid passes DEEPSQUARE_ENV to srun's --export, which overrides srun's
 * own environment, the step's `env`. */
dla_status dla_step_environment(const dla_job *job, const dla_workflow_step *step,
                                const dla_scope *scope, bool inside, dla_environment *env,
                                dla_error *err)
{
  dla_environment_inherit(env);
  dla_environment_set_all(env, &job->workflow->env);
  set_resources(job, step, env);
  set_launcher(job, step, env);
  set_inputs(scope->module, env);
  for (dla_folder i = 0; i < DLA_FOLDER_COUNT; i++)
    dla_environment_set(env, dla_folder_names_of[i].variable,
                        inside ? dla_folder_names_of[i].inside : job->folders.path[i]);
  if (scope->item) {
    dla_environment_set(env, "item", scope->item);
    dla_environment_set(env, "index", scope->index);
  }
  if (scope->error_code) dla_environment_set(env, "DEEPSQUARE_ERROR_CODE", scope->error_code);
  TRY(set_exported(job, scope, inside, &step->run.env, env, err));
  return env->failed ? dla_fail_memory(err, "a step's variables") : DLA_OK;
}

static void add_launcher(const dla_job *job, const dla_workflow_command *run,
                         const dla_workflow_resources *r, dla_argv *argv)
{
  if (r->tasks <= 1) return;
  if (job->srun && (getenv("SLURM_JOB_ID") || !job->mpirun)) {
    dla_argv_add(argv, "%s", job->srun);
    dla_argv_add(argv, "--ntasks=%" PRId64, r->tasks);
    dla_argv_add(argv, "--cpus-per-task=%" PRId64, r->cpus_per_task);
    dla_argv_add(argv, "--mem-per-cpu=%" PRId64 "M", r->mem_per_cpu);
    if (r->gpus > 0 && job->runtime.gpus) dla_argv_add(argv, "--gpus-per-task=%" PRId64, r->gpus);
    if (run->mpi) dla_argv_add(argv, "--mpi=%s", run->mpi);
    if (run->unbound) dla_argv_add(argv, "--cpu-bind=none");
  } else {
    dla_argv_add(argv, "%s", job->mpirun ? job->mpirun : "mpirun");
    dla_argv_add(argv, "-np");
    dla_argv_add(argv, "%" PRId64, r->tasks);
    if (run->unbound) {
      dla_argv_add(argv, "--bind-to");
      dla_argv_add(argv, "none");
    }
  }
}

/* As on the grid: what is not mapped stays as it is, and root may mount. */
static void add_user(const dla_job *job, const dla_workflow_command *run, dla_argv *argv)
{
  if (run->map_uid < 0 && run->map_gid < 0) return;
  dla_argv_add(argv, "%s", job->unshare ? job->unshare : "unshare");
  dla_argv_add(argv, "--map-current-user");
  if (run->map_uid >= 0) dla_argv_add(argv, "--map-user=%" PRId64, run->map_uid);
  if (run->map_gid >= 0) dla_argv_add(argv, "--map-group=%" PRId64, run->map_gid);
  dla_argv_add(argv, "--mount");
}

/* As on the grid, a missing workDir is created, unless it is meant for a container. */
static bool have_folder(const dla_job *job, const dla_workflow_command *run)
{
  dla_error ignored = {0};
  const bool make = !job->options.plan_only && !run->container.image;
  return dla_is_folder(run->work_dir) || (make && !dla_make_folder(run->work_dir, &ignored));
}

static void make_host(const dla_job *job, const dla_workflow_step *step, const char *shell,
                      dla_step_command *c)
{
  const char *wanted = step->run.work_dir;
  c->folder_missing = wanted && !have_folder(job, &step->run);
  c->folder = strdup(wanted && !c->folder_missing ? wanted : job->folders.path[DLA_FOLDER_STORAGE]);
  add_user(job, &step->run, &c->argv);
  dla_argv_add(&c->argv, "%s", shell);
  dla_argv_add(&c->argv, "-c");
  dla_argv_add(&c->argv, "%s", step->run.command);
}

/* label is flattened for use in a file name. */
static void name_image(const dla_job *job, const char *label, dla_step_command *c)
{
  dla_strbuf path = {0};
  dla_strbuf_printf(&path, "%s/", job->folders.path[DLA_FOLDER_STORAGE]);
  for (; *label; label++)
    dla_strbuf_append(&path, strchr("/:,.", *label) ? "_" : label, 1);
  dla_strbuf_printf(&path, ".sqsh");
  c->image_file = path.text;
}

/* A comma or colon would start another mount, or end this one. */
static dla_status check_mounts(const dla_job *job, dla_error *err)
{
  for (dla_folder i = 0; i < DLA_FOLDER_COUNT; i++)
    if (strpbrk(job->folders.path[i], ":,"))
      return dla_fail(err, DLA_E_INPUT, job->folders.path[i],
                      "set TMPDIR and the caches' variables to other folders",
                      "a folder with ':' or ',' in its name cannot be mounted in a container");
  return DLA_OK;
}

static void make_container(const dla_job *job, const dla_workflow_step *step, const char *shell,
                           const char *label, dla_step_command *c)
{
  c->folder = strdup(job->folders.path[DLA_FOLDER_STORAGE]);
  name_image(job, label, c);
  if (!c->image_file) return;
  dla_container_request request = {.run = &step->run,
                                   .folders = &job->folders,
                                   .env = &c->env,
                                   .shell = shell,
                                   .work_dir = step->run.work_dir
                                                   ? step->run.work_dir
                                                   : dla_folder_names_of[DLA_FOLDER_STORAGE].inside,
                                   .image_file = c->image_file,
                                   .gpus = dla_job_resources(job, step).gpus > 0};
  dla_container_command(&job->runtime, &request, &c->prepare, &c->argv);
}

dla_status dla_step_command_make(const dla_job *job, const dla_workflow_step *step,
                                 const dla_scope *scope, const char *label, dla_step_command *c,
                                 dla_error *err)
{
  bool inside = dla_job_uses_container(job, step);
  const char *shell = step->run.shell ? step->run.shell : "/bin/sh";
  dla_workflow_resources resources = dla_job_resources(job, step);
  *c = (dla_step_command){0};
  if (inside) TRY(check_mounts(job, err));
  TRY(dla_step_environment(job, step, scope, inside, &c->env, err));
  add_launcher(job, &step->run, &resources, &c->argv);
  if (inside)
    make_container(job, step, shell, label, c);
  else
    make_host(job, step, shell, c);
  if (c->argv.failed || c->prepare.failed || !c->folder || (inside && !c->image_file))
    return dla_fail_memory(err, "a step's command");
  return DLA_OK;
}

void dla_step_command_free(dla_step_command *c)
{
  dla_argv_free(&c->prepare);
  dla_argv_free(&c->argv);
  dla_environment_free(&c->env);
  free(c->image_file);
  free(c->folder);
}
