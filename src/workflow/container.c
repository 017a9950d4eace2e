#include "workflow/container.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void dla_runtime_find(dla_runtime *runtime)
{
  static const struct {
    const char *name;
    dla_runtime_kind kind;
  } known[] = {{"apptainer", DLA_RUNTIME_APPTAINER},
               {"podman", DLA_RUNTIME_PODMAN},
               {"enroot", DLA_RUNTIME_ENROOT}};
  *runtime = (dla_runtime){.gpus = access("/dev/nvidiactl", F_OK) == 0};
  for (size_t i = 0; i < sizeof known / sizeof *known && !runtime->program; i++) {
    runtime->program = dla_find_program(known[i].name);
    if (runtime->program) runtime->kind = known[i].kind;
  }
}

void dla_runtime_free(dla_runtime *runtime)
{
  free(runtime->program);
  *runtime = (dla_runtime){0};
}

/* How each runtime is told of a mount: its option, and what stands before ro or rw. */
typedef struct mount_style {
  const char *option, *before_options;
} mount_style;

static void add_mounts(const dla_container_request *q, const mount_style *style, dla_argv *argv)
{
  for (dla_folder i = 0; i < DLA_FOLDER_COUNT; i++)
    if (dla_folder_is_mount(i))
      dla_argv_add(argv, "%s%s:%s:%srw", style->option, q->folders->path[i],
                   dla_folder_names_of[i].inside, style->before_options);
  for (size_t i = 0; i < q->run->container.mount_count; i++) {
    const dla_workflow_mount *mount = &q->run->container.mounts[i];
    dla_argv_add(argv, "%s%s:%s:%s%s", style->option, mount->host_dir, mount->container_dir,
                 style->before_options, mount->options);
  }
}

/* Names only: a value in the list of processes could be read by anybody. */
static void add_variables(const dla_container_request *q, dla_argv *argv)
{
  for (size_t i = 0; i < q->env->count; i++)
    if (q->env->own[i])
      dla_argv_add(argv, "--env=%.*s", (int)strcspn(q->env->items[i], "="), q->env->items[i]);
}

static bool is_file(const dla_workflow_container *container)
{
  return container->image[0] == '/';
}

static void add_apptainer(const dla_container_request *q, bool gpus, dla_argv *argv)
{
  static const mount_style style = {"--bind=", ""};
  const dla_workflow_container *c = &q->run->container;
  dla_argv_add(argv, "exec");
  dla_argv_add(argv, "--no-home");
  if (gpus) dla_argv_add(argv, "--nv");
  add_mounts(q, &style, argv);
  dla_argv_add(argv, "--pwd=%s", q->work_dir);
  if (is_file(c))
    dla_argv_add(argv, "%s", c->image);
  else
    dla_argv_add(argv, "docker://%s%s%s", c->registry ? c->registry : "", c->registry ? "/" : "",
                 c->image);
  dla_argv_add(argv, "%s", q->shell);
  dla_argv_add(argv, "-c");
  dla_argv_add(argv, "%s", q->run->command);
}

static void add_podman(const dla_container_request *q, bool gpus, dla_argv *argv)
{
  static const mount_style style = {"--volume=", ""};
  const dla_workflow_container *c = &q->run->container;
  dla_argv_add(argv, "run");
  dla_argv_add(argv, "--rm");
  dla_argv_add(argv, "--network=host");
  if (gpus) dla_argv_add(argv, "--device=nvidia.com/gpu=all");
  add_mounts(q, &style, argv);
  add_variables(q, argv);
  dla_argv_add(argv, "--workdir=%s", q->work_dir);
  dla_argv_add(argv, "--entrypoint=%s", q->shell); /* as on the grid, the command replaces it */
  dla_argv_add(argv, "%s%s%s", c->registry && !is_file(c) ? c->registry : "",
               c->registry && !is_file(c) ? "/" : "", c->image);
  dla_argv_add(argv, "-c");
  dla_argv_add(argv, "%s", q->run->command);
}

/* enroot has no option for the folder to start in, so the command's own shell goes there. */
static void add_enroot(const dla_runtime *runtime, const dla_container_request *q,
                       dla_argv *prepare, dla_argv *argv)
{
  static const mount_style style = {"--mount=", "none:x-create=dir,bind,"};
  const dla_workflow_container *c = &q->run->container;
  dla_strbuf folder = {0};
  dla_shell_quote(q->work_dir, &folder);
  if (!is_file(c)) {
    dla_argv_add(prepare, "%s", runtime->program);
    dla_argv_add(prepare, "import");
    dla_argv_add(prepare, "--output=%s", q->image_file);
    dla_argv_add(prepare, "docker://%s%s%s", c->registry ? c->registry : "", c->registry ? "#" : "",
                 c->image);
  }
  dla_argv_add(argv, "start");
  dla_argv_add(argv, "--rw");
  add_mounts(q, &style, argv);
  add_variables(q, argv);
  dla_argv_add(argv, "%s", is_file(c) ? c->image : q->image_file);
  dla_argv_add(argv, "%s", q->shell);
  dla_argv_add(argv, "-c");
  dla_argv_add(argv, "cd %s || exit\n%s", dla_strbuf_text(&folder), q->run->command);
  argv->failed |= folder.failed;
  dla_strbuf_free(&folder);
}

void dla_container_command(const dla_runtime *runtime, const dla_container_request *q,
                           dla_argv *prepare, dla_argv *run)
{
  bool gpus = q->gpus && runtime->gpus;
  dla_argv_add(run, "%s", runtime->program);
  switch (runtime->kind) {
  case DLA_RUNTIME_APPTAINER:
    add_apptainer(q, gpus, run);
    break;
  case DLA_RUNTIME_PODMAN:
    add_podman(q, gpus, run);
    break;
  case DLA_RUNTIME_ENROOT:
    add_enroot(runtime, q, prepare, run);
    break;
  case DLA_RUNTIME_NONE:
    break;
  }
}
