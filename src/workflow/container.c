#include "workflow/container.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/shell_quote.h"

#define X11 "/tmp/.X11-unix"

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

/* A runtime's syntax for a mount: its option, and the text before ro or rw. */
typedef struct mount_style {
  const char *option, *before_options;
} mount_style;

static void add_mount(const mount_style *style, const char *host, const char *inside,
                      const char *options, dla_argv *argv)
{
  dla_argv_add(argv, "%s%s:%s:%s%s", style->option, host, inside, style->before_options, options);
}

static void add_mounts(const dla_container_request *q, const mount_style *style, dla_argv *argv)
{
  const dla_workflow_container *c = &q->run->container;
  const char *home = getenv("HOME");
  for (dla_folder i = 0; i < DLA_FOLDER_COUNT; i++)
    if (dla_folder_is_mount(i))
      add_mount(style, q->folders->path[i], dla_folder_names_of[i].inside, "rw", argv);
  if (c->mount_home && home && home[0] == '/') add_mount(style, home, home, "rw", argv);
  if (c->mount_x11 && access(X11, F_OK) == 0) add_mount(style, X11, X11, "ro", argv);
  for (size_t i = 0; i < c->mount_count; i++)
    add_mount(style, c->mounts[i].host_dir, c->mounts[i].container_dir, c->mounts[i].options, argv);
}

/* Passes only names: anybody could read values in the list of processes. */
static void add_variables(const dla_container_request *q, dla_argv *argv)
{
  for (size_t i = 0; i < q->env->count; i++)
    if (q->env->own[i])
      dla_argv_add(argv, "--env=%.*s", (int)strcspn(q->env->items[i], "="), q->env->items[i]);
}

/* The grid's nodes have their images in a folder, by registry and name. */
static void add_grid_image(const dla_workflow_container *c, dla_strbuf *path)
{
  dla_strbuf_printf(path, "/opt/software/%s/%s",
                    c->registry ? c->registry : "registry-1.deepsquare.run", c->image);
}

bool dla_container_has_image(const dla_workflow_container *container)
{
  dla_strbuf path = {0};
  add_grid_image(container, &path);
  bool has = !path.failed && access(path.text, R_OK) == 0;
  dla_strbuf_free(&path);
  return has;
}

bool dla_runtime_takes(const dla_runtime *runtime, const dla_workflow_container *container)
{
  const char *image = container->image, *dot = strrchr(image, '.');
  if (image[0] != '/' && !container->grid_hosted) return true;
  if (runtime->kind == DLA_RUNTIME_ENROOT) return !dot || strcmp(dot, ".sif") != 0;
  return runtime->kind != DLA_RUNTIME_PODMAN;
}

/* An absolute path lies below the storage folder; an earlier step or the input left it there.
 * False: the image comes from a registry. */
static bool find_file(const dla_container_request *q, dla_strbuf *path)
{
  const dla_workflow_container *c = &q->run->container;
  if (c->grid_hosted)
    add_grid_image(c, path);
  else if (c->image[0] == '/')
    dla_strbuf_printf(path, "%s%s", q->folders->path[DLA_FOLDER_STORAGE], c->image);
  return path->length > 0;
}

/* Does the image's name begin with a registry, as in localhost/my? */
static bool names_registry(const char *image)
{
  const size_t length = strcspn(image, "/");
  return image[length] && (memchr(image, '.', length) || memchr(image, ':', length) ||
                           strncmp(image, "localhost/", length + 1) == 0);
}

static bool is_docker_hub(const char *registry)
{
  static const char host[] = "docker.io";
  const size_t length = strlen(registry), tail = sizeof host - 1;
  return length >= tail && strcmp(registry + length - tail, host) == 0;
}

/* The full image reference, completed as by the grid's runtime: the default registry is Docker Hub,
 * which keeps images without an owner below library/. */
static void add_reference(const dla_workflow_container *c, const char *before, dla_argv *argv)
{
  const char *registry = c->registry;
  if (!registry && !names_registry(c->image)) registry = "docker.io";
  const bool library = registry && is_docker_hub(registry) && !strchr(c->image, '/');
  dla_argv_add(argv, "%s%s%s%s%s", before, registry ? registry : "", registry ? "/" : "",
               library ? "library/" : "", c->image);
}

/* The command inside: the shell with the command, or only arguments for the image's own
 * entrypoint. */
static void add_inner(const dla_container_request *q, const char *before, dla_argv *argv)
{
  if (q->run->entrypoint) {
    dla_argv_split(q->run->command, argv);
    return;
  }
  if (q->shell) dla_argv_add(argv, "%s", q->shell);
  dla_argv_add(argv, "-c");
  dla_argv_add(argv, "%s%s", before, q->run->command);
}

/* Options as on the grid: writable, in memory, and isolated from the host's folders. */
static void add_apptainer(const dla_container_request *q, bool gpus, dla_argv *argv)
{
  static const mount_style style = {"--bind=", ""};
  const dla_workflow_container *c = &q->run->container;
  dla_strbuf file = {0};
  dla_argv_add(argv, q->run->entrypoint ? "run" : "exec");
  dla_argv_add(argv, "--contain");
  dla_argv_add(argv, "--no-home");
  if (!c->read_only) dla_argv_add(argv, "--writable-tmpfs");
  if (q->run->map_uid == 0) dla_argv_add(argv, "--fakeroot");
  if (gpus) dla_argv_add(argv, "--nv");
  add_mounts(q, &style, argv);
  dla_argv_add(argv, "--pwd=%s", q->work_dir);
  if (find_file(q, &file))
    dla_argv_add(argv, "%s", file.text);
  else
    add_reference(c, "docker://", argv);
  add_inner(q, "", argv);
  argv->failed |= dla_strbuf_done(&file);
}

static void add_podman_user(const dla_workflow_command *run, dla_argv *argv)
{
  if (run->map_uid < 0 && run->map_gid < 0) return;
  int64_t uid = run->map_uid < 0 ? 0 : run->map_uid;
  if (run->map_gid < 0)
    dla_argv_add(argv, "--user=%" PRId64, uid);
  else
    dla_argv_add(argv, "--user=%" PRId64 ":%" PRId64, uid, run->map_gid);
}

static void add_podman(const dla_container_request *q, bool gpus, dla_argv *argv)
{
  static const mount_style style = {"--volume=", ""};
  const dla_workflow_container *c = &q->run->container;
  dla_container_request inner = *q;
  dla_strbuf file = {0};
  dla_argv_add(argv, "run");
  dla_argv_add(argv, "--rm");
  dla_argv_add(argv, "--network=host");
  if (c->read_only) dla_argv_add(argv, "--read-only");
  add_podman_user(q->run, argv);
  if (gpus) dla_argv_add(argv, "--device=nvidia.com/gpu=all");
  add_mounts(q, &style, argv);
  add_variables(q, argv);
  dla_argv_add(argv, "--workdir=%s", q->work_dir);
  /* As on the grid, the command replaces the entrypoint. */
  if (!q->run->entrypoint) dla_argv_add(argv, "--entrypoint=%s", q->shell);
  if (find_file(q, &file))
    dla_argv_add(argv, "%s", file.text);
  else
    add_reference(c, "", argv);
  inner.shell = NULL;
  add_inner(&inner, "", argv);
  argv->failed |= dla_strbuf_done(&file);
}

/* enroot has no option for the working directory, so the command's own shell changes to it. */
static void add_enroot(const dla_runtime *runtime, const dla_container_request *q,
                       dla_argv *prepare, dla_argv *argv)
{
  static const mount_style style = {"--mount=", "none:x-create=dir,bind,"};
  const dla_workflow_container *c = &q->run->container;
  dla_strbuf before = {0}, file = {0};
  dla_strbuf_printf(&before, "cd ");
  dla_shell_quote(q->work_dir, &before);
  dla_strbuf_printf(&before, " || exit\n");
  const bool is_file = find_file(q, &file);
  if (!is_file) {
    dla_argv_add(prepare, "%s", runtime->program);
    dla_argv_add(prepare, "import");
    dla_argv_add(prepare, "--output=%s", q->image_file);
    dla_argv_add(prepare, "docker://%s%s%s", c->registry ? c->registry : "", c->registry ? "#" : "",
                 c->image);
  }
  dla_argv_add(argv, "start");
  if (!c->read_only) dla_argv_add(argv, "--rw");
  if (q->run->map_uid == 0) dla_argv_add(argv, "--root");
  add_mounts(q, &style, argv);
  add_variables(q, argv);
  dla_argv_add(argv, "%s", is_file ? file.text : q->image_file);
  add_inner(q, dla_strbuf_text(&before), argv);
  argv->failed |= dla_strbuf_done(&before);
  argv->failed |= dla_strbuf_done(&file);
}

void dla_container_command(const dla_runtime *runtime, const dla_container_request *q,
                           dla_argv *prepare, dla_argv *run)
{
  bool gpus = q->gpus && runtime->gpus;
  dla_argv_add(run, "%s", runtime->program ? runtime->program : "apptainer");
  switch (runtime->kind) {
  case DLA_RUNTIME_APPTAINER:
  case DLA_RUNTIME_NONE:
    add_apptainer(q, gpus, run);
    break;
  case DLA_RUNTIME_PODMAN:
    add_podman(q, gpus, run);
    break;
  case DLA_RUNTIME_ENROOT:
    add_enroot(runtime, q, prepare, run);
    break;
  }
}
