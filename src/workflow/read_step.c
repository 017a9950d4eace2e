/* Reads the steps of a workflow file. */
#include "workflow/read_step.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/try.h"
#include "workflow/condition.h"
#include "workflow/order.h"
#include "workflow/read_module.h"
#include "workflow/read_resources.h"

enum { LEAST_INTEGER = -1000000, MOST_PASSES = 100000, MOST_AT_ONCE = 256, MOST_SIGNAL = 31 };

/* ---- run ---- */

/* A comma or colon would start another mount, a leading dash another option. */
static dla_status check_mount(dla_workflow_reader *r, const yaml_node_t *node,
                              const dla_workflow_mount *mount)
{
  const struct {
    const char *key, *path;
  } all[] = {{"hostDir", mount->host_dir}, {"containerDir", mount->container_dir}};
  for (size_t i = 0; i < 2; i++)
    if (all[i].path && (all[i].path[0] != '/' || all[i].path[strcspn(all[i].path, ",:\n\t\"")]))
      TRY(dla_workflow_go_on(
          r, dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, all[i].key), NULL,
                           "'%.80s' is no absolute path without commas and colons", all[i].path)));
  if (mount->options && strcmp(mount->options, "ro") != 0 && strcmp(mount->options, "rw") != 0)
    return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "options"), NULL,
                         "a mount's options are ro or rw, not '%.40s'", mount->options);
  return DLA_OK;
}

static dla_status read_mounts(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_KEY("hostDir", TEXT, dla_workflow_mount, host_dir, true),
      DLA_WORKFLOW_KEY("containerDir", TEXT, dla_workflow_mount, container_dir, true),
      DLA_WORKFLOW_KEY("options", TEXT, dla_workflow_mount, options, true),
      {0},
  };
  static const dla_workflow_mapping mapping = {.what = "a mount", .keys = keys};
  dla_workflow_container *container =
      (void *)((char *)field - offsetof(dla_workflow_container, mounts));
  const yaml_node_t *item;
  TRY(dla_workflow_list(r, node, "mounts", sizeof *container->mounts, (void **)&container->mounts,
                        &container->mount_count));
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, node, i)); i++) {
    TRY(dla_workflow_go_on(r, dla_workflow_read_mapping(r, &mapping, item, &container->mounts[i])));
    TRY(dla_workflow_go_on(r, check_mount(r, item, &container->mounts[i])));
  }
  return DLA_OK;
}

static dla_status check_name(dla_workflow_reader *r, const yaml_node_t *node, const char *key,
                             const char *name)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "._:/@+-";
  if (!name || (name[0] && name[0] != '-' && !name[strspn(name, allowed)])) return DLA_OK;
  return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, key), "letters, digits and . _ : / @ + -",
                       "'%.80s' is no %s", name, key);
}

static const dla_workflow_key container_keys[] = {
    DLA_WORKFLOW_KEY("image", TEXT, dla_workflow_container, image, true),
    DLA_WORKFLOW_KEY("registry", TEXT, dla_workflow_container, registry, false),
    DLA_WORKFLOW_KEY("apptainer", BOOL, dla_workflow_container, apptainer, false),
    DLA_WORKFLOW_KEY("deepsquareHosted", BOOL, dla_workflow_container, grid_hosted, false),
    DLA_WORKFLOW_KEY("mountHome", BOOL, dla_workflow_container, mount_home, false),
    DLA_WORKFLOW_KEY("x11", BOOL, dla_workflow_container, mount_x11, false),
    DLA_WORKFLOW_KEY("readOnlyRootFS", BOOL, dla_workflow_container, read_only, false),
    DLA_WORKFLOW_INNER("mounts", dla_workflow_container, mounts, false, read_mounts),
    {0},
};
static const char login[] = "log in on this node before: podman login, apptainer remote login";
static const dla_workflow_unsupported container_unsupported[] = {
    {"username", "", login}, {"password", "", login}, {0}};

static dla_status check_container(dla_workflow_reader *r, const yaml_node_t *node, void *from)
{
  dla_workflow_container *container = from;
  if (container->registry && !*container->registry) { /* as none */
    free(container->registry);
    container->registry = NULL;
  }
  TRY(dla_workflow_go_on(r, check_name(r, node, "image", container->image)));
  TRY(dla_workflow_go_on(r, check_name(r, node, "registry", container->registry)));
  if (container->image && strstr(container->image, "/.."))
    return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "image"),
                         "'/output/my.sif' is a file of an earlier step",
                         "the image '%.80s' leads out of the storage folder", container->image);
  return DLA_OK;
}

static const dla_workflow_mapping container_mapping = {
    .what = "'container'",
    .keys = container_keys,
    .unsupported = container_unsupported,
    .in_step = true,
    .scratch = offsetof(dla_workflow_step, run.container),
    .check = check_container};

static dla_status check_shell(dla_workflow_reader *r, const yaml_node_t *node,
                              dla_workflow_command *run)
{
  const bool named = run->shell && strcmp(run->shell, "ENTRYPOINT") == 0;
  run->entrypoint = named || (run->command && !run->command[0] && run->container.image);
  if (named) {
    free(run->shell);
    run->shell = NULL;
    if (run->command && !run->container.image)
      return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "shell"),
                           "give it a 'container', or a shell",
                           "the shell ENTRYPOINT is what an image starts, and there is none");
  }
  if (run->shell && run->shell[0] != '/')
    return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "shell"), "for example /bin/bash",
                         "the shell '%.80s' is no path", run->shell);
  return DLA_OK;
}

static dla_status check_mpi(dla_workflow_reader *r, const yaml_node_t *node, const char *name)
{
  static const char *const known[] = {"none", "pmix", "pmix_v2", "pmix_v3", "pmix_v4", "pmi2"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (!name || strcmp(known[i], name) == 0) return DLA_OK;
  return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "mpi"), "none, pmix_v4 or pmi2",
                       "'mpi' is what srun calls it, unlike '%.40s'", name);
}

static const char network[] = "steps have this node's network: leave it out";
static const dla_workflow_key run_keys[] = {
    DLA_WORKFLOW_KEY("command", TEXT, dla_workflow_command, command, true),
    DLA_WORKFLOW_KEY("shell", TEXT, dla_workflow_command, shell, false),
    DLA_WORKFLOW_KEY("workDir", TEXT, dla_workflow_command, work_dir, false),
    DLA_WORKFLOW_KEY("mpi", TEXT, dla_workflow_command, mpi, false),
    DLA_WORKFLOW_KEY("disableCpuBinding", BOOL, dla_workflow_command, unbound, false),
    DLA_WORKFLOW_WHOLE("mapUid", dla_workflow_command, map_uid, false, 0),
    DLA_WORKFLOW_WHOLE("mapGid", dla_workflow_command, map_gid, false, 0),
    DLA_WORKFLOW_MAPPING("resources", dla_workflow_command, resources, false,
                         &dla_workflow_step_resources),
    DLA_WORKFLOW_MAPPING("container", dla_workflow_command, container, false, &container_mapping),
    DLA_WORKFLOW_INNER("env", dla_workflow_command, env, false, dla_workflow_read_variables),
    {0},
};
static const dla_workflow_unsupported run_unsupported[] = {
    {"network", "host", network},
    {"dns", NULL, network},
    {"customNetworkInterfaces", NULL, network},
    {"virtualNetworks", NULL, network},
    {"virtualNetwork", NULL, network},
    {"mapRoot", "false", "mapUid: 0 does it"},
    {"x11", "false", NULL},
    {0}};
static const char container_key[] = "container";

static dla_status check_run(dla_workflow_reader *r, const yaml_node_t *node, void *from)
{
  dla_workflow_command *run = from;
  if (!dla_workflow_has(r, node, container_key))
    TRY(dla_workflow_go_on(r, check_container(r, node, &run->container)));
  TRY(dla_workflow_go_on(r, check_shell(r, node, run)));
  TRY(dla_workflow_go_on(r, check_mpi(r, node, run->mpi)));
  if (run->work_dir && (run->work_dir[0] != '/' || strpbrk(run->work_dir, "\n")))
    return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "workDir"), NULL,
                         "the workDir '%.80s' is no absolute path", run->work_dir);
  return DLA_OK;
}

static const dla_workflow_mapping *const within_run[] = {&container_mapping,
                                                         &dla_workflow_step_resources, NULL};
static const dla_workflow_mapping run_mapping = {.what = "'run'",
                                                 .keys = run_keys,
                                                 .unsupported = run_unsupported,
                                                 .inner = &container_mapping,
                                                 .inner_key = container_key,
                                                 .inner_offset =
                                                     offsetof(dla_workflow_command, container),
                                                 .within = within_run,
                                                 .in_step = true,
                                                 .scratch = offsetof(dla_workflow_step, run),
                                                 .check = check_run};

/* ---- train ---- */

/* The byte offset after so many UTF-8 characters. */
static size_t byte_of(const dla_workflow_reader *r, size_t characters)
{
  size_t at = 0;
  while (at < r->length && characters--)
    for (at++; at < r->length && ((unsigned char)r->text[at] & 0xc0) == 0x80;)
      at++;
  return at;
}

/* What is wrong with several keys has no line: then it is the config's. */
static dla_status check_train(dla_workflow_reader *r, const yaml_node_t *node, const char *text)
{
  dla_error *err = r->yaml.err;
  dla_status status = r->checks->train(r->yaml.name, text, err);
  if (status && strcmp(err->where, r->yaml.name) == 0)
    snprintf(err->where, sizeof err->where, "%s", dla_yaml_place(&r->yaml, node));
  return status;
}

/* Copies the mapping's text to the same line and column of an otherwise empty document. So the
 * config's reader reports places in this file. */
static dla_status read_train(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  if (node->type != YAML_MAPPING_NODE)
    return dla_yaml_fail(&r->yaml, node, "see dla-train --help-config",
                         "'train' must be a training config: a mapping of sections");
  size_t start = byte_of(r, node->start_mark.index), end = byte_of(r, node->end_mark.index);
  dla_strbuf text = {0};
  for (size_t i = 0; i < node->start_mark.line; i++)
    dla_strbuf_append(&text, "\n", 1);
  for (size_t i = 0; i < node->start_mark.column; i++)
    dla_strbuf_append(&text, " ", 1);
  dla_strbuf_append(&text, r->text + start, end - start);
  if (text.failed) {
    dla_strbuf_free(&text);
    return dla_fail_memory(r->yaml.err, "the training config");
  }
  *(char **)field = text.text;
  return r->checks && r->checks->train ? check_train(r, node, text.text) : DLA_OK;
}

/* ---- for ---- */

static dla_status read_range(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_WHOLE("begin", dla_workflow_loop, begin, true, LEAST_INTEGER),
      DLA_WORKFLOW_WHOLE("end", dla_workflow_loop, end, true, LEAST_INTEGER),
      DLA_WORKFLOW_WHOLE("increment", dla_workflow_loop, increment, false, LEAST_INTEGER),
      {0},
  };
  static const dla_workflow_mapping mapping = {.what = "'range'", .keys = keys};
  dla_workflow_loop *loop = (void *)((char *)field - offsetof(dla_workflow_loop, has_range));
  loop->has_range = true;
  loop->increment = 1;
  const size_t before = r->faults->count;
  TRY(dla_workflow_read_mapping(r, &mapping, node, loop));
  if (loop->increment == 0)
    TRY(dla_workflow_go_on(r, dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "increment"), NULL,
                                            "'increment' is 0: the loop would never end")));
  if (r->faults->count == before) return DLA_OK;
  loop->begin = loop->end = 0; /* for the checks of the rest */
  loop->increment = 1;
  return DLA_OK;
}

static const dla_workflow_key for_keys[] = {
    DLA_WORKFLOW_KEY("parallel", BOOL, dla_workflow_loop, parallel, true),
    DLA_WORKFLOW_INNER("items", dla_workflow_loop, items, false, dla_workflow_read_strings),
    DLA_WORKFLOW_INNER("range", dla_workflow_loop, has_range, false, read_range),
    DLA_WORKFLOW_INNER("steps", dla_workflow_loop, steps, true, dla_workflow_read_steps),
    {0},
};
static const dla_workflow_mapping for_mapping = {.what = "'for'",
                                                 .keys = for_keys,
                                                 .in_step = true,
                                                 .scratch = offsetof(dla_workflow_step, loop)};

static dla_status read_for(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_loop *loop = field;
  loop->present = true;
  TRY(dla_workflow_read_mapping(r, &for_mapping, node, loop));
  if (dla_workflow_has(r, node, "items") == dla_workflow_has(r, node, "range"))
    return dla_yaml_fail(&r->yaml, node, NULL, "'for' needs one of 'items' and 'range'");
  size_t count = dla_workflow_loop_count(loop), most = loop->parallel ? MOST_AT_ONCE : MOST_PASSES;
  if (count > most)
    return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, loop->has_range ? "range" : "items"),
                         NULL, "'for' has %zu passes, but at most %zu%s are allowed", count, most,
                         loop->parallel ? " at once" : "");
  return DLA_OK;
}

/* ---- launch ---- */

static const dla_workflow_key launch_keys[] = {
    DLA_WORKFLOW_KEY("handleName", TEXT, dla_workflow_launch, handle, false),
    DLA_WORKFLOW_WHOLE("signalOnParentStepExit", dla_workflow_launch, signal, false, 0),
    DLA_WORKFLOW_INNER("steps", dla_workflow_launch, steps, true, dla_workflow_read_steps),
    {0},
};

static dla_status check_launch(dla_workflow_reader *r, const yaml_node_t *node, void *from)
{
  const dla_workflow_launch *launch = from;
  if (launch->signal > MOST_SIGNAL)
    return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "signalOnParentStepExit"),
                         "15 is SIGTERM", "there is no signal %lld", (long long)launch->signal);
  return DLA_OK;
}

static const dla_workflow_mapping launch_mapping = {.what = "'launch'",
                                                    .keys = launch_keys,
                                                    .in_step = true,
                                                    .scratch = offsetof(dla_workflow_step, launch),
                                                    .check = check_launch};

static dla_status read_launch(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_launch *launch = field;
  launch->present = true;
  launch->signal = SIGTERM;
  return dla_workflow_read_mapping(r, &launch_mapping, node, launch);
}

/* ---- Steps and lists of steps ---- */

static dla_status name_step(dla_workflow_reader *r, const yaml_node_t *node,
                            dla_workflow_step *step, size_t number)
{
  char name[32];
  if (step->name || dla_workflow_has(r, node, "name")) return DLA_OK;
  snprintf(name, sizeof name, "step %zu", number);
  step->name = strdup(name);
  return step->name ? DLA_OK : dla_fail_memory(r->yaml.err, "the workflow");
}

/* Checks the keys as written, because some may not have been read. */
static dla_status check_kinds(dla_workflow_reader *r, const yaml_node_t *node)
{
  static const char *const kinds[] = {"run", "train", "steps", "for", "launch", "use"};
  int count = 0;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    count += dla_workflow_has(r, node, kinds[i]);
  if (count <= 1) return DLA_OK;
  const bool beside = dla_workflow_has(r, node, "steps") &&
                      (dla_workflow_has(r, node, "for") || dla_workflow_has(r, node, "launch"));
  return dla_yaml_fail(
      &r->yaml, node,
      beside ? "the steps of 'for' and 'launch' stand in them" : r->yaml.kind->manual,
      "a step has one of 'run', 'train', 'steps', 'for', 'launch' and 'use'; here are "
      "%d",
      count);
}

static dla_status check_condition(dla_workflow_reader *r, const yaml_node_t *node,
                                  const char *condition)
{
  bool is_test = true;
  if (!condition || !r->checks || !r->checks->conditions) return DLA_OK;
  TRY(dla_condition_check(condition, &is_test, r->yaml.err));
  if (is_test) return DLA_OK;
  return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "if"), r->yaml.kind->manual,
                       "'if' is no test of bash's [[ ]]");
}

static void complete_step(dla_workflow_step *step)
{
  if (step->condition && !step->condition[strspn(step->condition, " \t\n")]) {
    free(step->condition);
    step->condition = NULL;
  }
  dla_workflow_resources *inner = &step->run.resources, *outer = &step->resources;
  if (!inner->tasks) inner->tasks = outer->tasks;
  if (!inner->cpus_per_task) inner->cpus_per_task = outer->cpus_per_task;
  if (!inner->mem_per_cpu) inner->mem_per_cpu = outer->mem_per_cpu;
  if (inner->gpus < 0) inner->gpus = outer->gpus;
}

static dla_status read_use(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_step *step = (void *)((char *)field - offsetof(dla_workflow_step, use));
  return dla_workflow_read_module(r, node, step, dla_workflow_read_steps);
}

static dla_status read_step(dla_workflow_reader *r, const yaml_node_t *node,
                            dla_workflow_step *step, size_t number)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_KEY("name", TEXT, dla_workflow_step, name, false),
      DLA_WORKFLOW_KEY("if", TEXT, dla_workflow_step, condition, false),
      DLA_WORKFLOW_MAPPING("run", dla_workflow_step, run, false, &run_mapping),
      DLA_WORKFLOW_INNER("train", dla_workflow_step, train, false, read_train),
      DLA_WORKFLOW_MAPPING("resources", dla_workflow_step, resources, false,
                           &dla_workflow_step_resources),
      DLA_WORKFLOW_INNER("steps", dla_workflow_step, steps, false, dla_workflow_read_steps),
      DLA_WORKFLOW_INNER("for", dla_workflow_step, loop, false, read_for),
      DLA_WORKFLOW_INNER("launch", dla_workflow_step, launch, false, read_launch),
      DLA_WORKFLOW_INNER("use", dla_workflow_step, use, false, read_use),
      DLA_WORKFLOW_INNER("catch", dla_workflow_step, on_failure, false, dla_workflow_read_steps),
      DLA_WORKFLOW_INNER("finally", dla_workflow_step, always, false, dla_workflow_read_steps),
      DLA_WORKFLOW_INNER("dependsOn", dla_workflow_step, depends_on, false,
                         dla_workflow_read_strings),
      {0},
  };
  static const dla_workflow_mapping *const within[] = {
      &run_mapping,    &container_mapping,           &for_mapping,
      &launch_mapping, &dla_workflow_step_resources, NULL};
  static const dla_workflow_mapping mapping = {.what = "a step",
                                               .keys = keys,
                                               .within = within,
                                               .inner = &run_mapping,
                                               .inner_key = "run",
                                               .inner_offset = offsetof(dla_workflow_step, run)};
  step->file = r->yaml.name;
  step->line = node->start_mark.line + 1;
  step->resources.gpus = step->run.resources.gpus = -1;
  step->run.map_uid = step->run.map_gid = -1;
  const size_t before = r->faults->count;
  TRY(dla_workflow_read_mapping(r, &mapping, node, step));
  if (!dla_workflow_has(r, node, "run")) TRY(dla_workflow_go_on(r, check_run(r, node, &step->run)));
  TRY(name_step(r, node, step, number));
  TRY(dla_workflow_go_on(r, check_kinds(r, node)));
  TRY(dla_workflow_go_on(r, check_condition(r, node, step->condition)));
  if (r->faults->count == before) complete_step(step);
  return DLA_OK;
}

dla_status dla_workflow_read_steps(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_steps *steps = field;
  const yaml_node_t *item;
  TRY(dla_workflow_list(r, node, "steps", sizeof *steps->items, (void **)&steps->items,
                        &steps->count));
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, node, i)); i++)
    TRY(dla_workflow_go_on(r, read_step(r, item, &steps->items[i], i + 1)));
  return dla_workflow_order(r, node, steps);
}
