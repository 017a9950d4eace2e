/* Modules of the grid: a folder with a module.yaml. A step can `use` the module's steps.
 * https://docs.deepsquare.run/workflow/guides/modules (job.schema.json: StepUse, Module). */
#include "workflow/read_module.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/closest.h"
#include "base/path.h"
#include "base/read_file.h"
#include "base/try.h"
#include "workflow/fill_template.h"
#include "workflow/read_resources.h"

enum { MOST_BYTES = 1 << 20, MOST_MODULES = 256 };

typedef struct module {
  char *name, *description; /* for people */
  dla_workflow_use *use;
  dla_workflow_steps *steps;
  dla_workflow_steps_reader *read_steps;
  bool knows_inputs; /* all of them were read */
} module;

/* ---- module.yaml ---- */

typedef struct input {
  char *key, *description, *value;
} input;

static dla_status check_variable(dla_workflow_reader *r, const yaml_node_t *node, const char *key,
                                 const char *name)
{
  if (!name || !*name || dla_workflow_is_variable(name)) return DLA_OK;
  return dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, key), "letters, digits and _",
                       "'%.60s' is no variable's name", name);
}

static dla_status read_input(dla_workflow_reader *r, const yaml_node_t *node,
                             dla_workflow_variable *variable)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_KEY("key", TEXT, input, key, true),
      DLA_WORKFLOW_KEY("description", TEXT, input, description, false),
      DLA_WORKFLOW_KEY("default", TEXT, input, value, false),
      {0},
  };
  static const dla_workflow_mapping mapping = {.what = "an input", .keys = keys};
  input in = {0};
  dla_status status = dla_workflow_read_mapping(r, &mapping, node, &in);
  free(in.description);
  variable->key = in.key;
  variable->value = in.value;
  return status ? status : check_variable(r, node, "key", in.key);
}

static dla_status read_inputs(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  module *m = field;
  dla_workflow_variables *inputs = &m->use->inputs;
  const size_t before = r->faults->count;
  const yaml_node_t *item;
  m->knows_inputs = false;
  TRY(dla_workflow_list(r, node, "inputs", sizeof *inputs->items, (void **)&inputs->items,
                        &inputs->count));
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, node, i)); i++)
    TRY(dla_workflow_go_on(r, read_input(r, item, &inputs->items[i])));
  m->knows_inputs = r->faults->count == before;
  return DLA_OK;
}

static dla_status read_output(dla_workflow_reader *r, const yaml_node_t *node, char **name)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_KEY("key", TEXT, input, key, true),
      DLA_WORKFLOW_KEY("description", TEXT, input, description, false),
      {0},
  };
  static const dla_workflow_mapping mapping = {.what = "an output", .keys = keys};
  input out = {0};
  dla_status status = dla_workflow_read_mapping(r, &mapping, node, &out);
  free(out.description);
  *name = out.key;
  return status ? status : check_variable(r, node, "key", out.key);
}

static dla_status read_outputs(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_strings *outputs = &((module *)field)->use->outputs;
  const yaml_node_t *item;
  TRY(dla_workflow_list(r, node, "outputs", sizeof *outputs->items, (void **)&outputs->items,
                        &outputs->count));
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, node, i)); i++)
    TRY(dla_workflow_go_on(r, read_output(r, item, &outputs->items[i])));
  return DLA_OK;
}

static dla_status read_least(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  return dla_workflow_read_job_resources(r, node, &((module *)field)->use->least);
}

static dla_status read_inner_steps(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  module *m = field;
  return m->read_steps(r, node, m->steps);
}

static dla_status read_keys(dla_workflow_reader *r, module *m)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_KEY("name", TEXT, module, name, false),
      DLA_WORKFLOW_KEY("description", TEXT, module, description, false),
      {.name = "minimumResources", .type = DLA_TYPE_OTHER, .read = read_least},
      {.name = "inputs", .type = DLA_TYPE_OTHER, .read = read_inputs},
      {.name = "outputs", .type = DLA_TYPE_OTHER, .read = read_outputs},
      {.name = "steps", .type = DLA_TYPE_OTHER, .required = true, .read = read_inner_steps},
      {0},
  };
  static const dla_workflow_mapping mapping = {.what = "a module", .keys = keys};
  if (!r->yaml.root)
    return dla_fail(r->yaml.err, DLA_E_INPUT, r->yaml.name, r->yaml.kind->manual,
                    "the module is empty");
  const size_t before = r->faults->count;
  TRY(dla_workflow_read_mapping(r, &mapping, r->yaml.root, m));
  if (!dla_workflow_has(r, r->yaml.root, "inputs")) m->knows_inputs = r->faults->count == before;
  return DLA_OK;
}

static dla_status read_text(dla_workflow_reader *r, module *m, dla_error *err)
{
  TRY(dla_yaml_load(&r->yaml, r->around->yaml.kind, m->use->file, r->text, r->length, err));
  dla_status status = dla_workflow_go_on(r, read_keys(r, m));
  yaml_document_delete(&r->yaml.document);
  return status;
}

/* What stands beside templates that stayed is told, too, if it can be read. */
static dla_status read_filled(dla_workflow_reader *r, module *m, const char *text, dla_error *err)
{
  dla_template filled = {0};
  const size_t before = r->faults->count;
  r->yaml = (dla_yaml){.kind = r->around->yaml.kind, .name = m->use->file, .err = err};
  dla_status status = dla_workflow_fill_template(r, text, r->length, &filled);
  const bool guessed = r->faults->count != before;
  r->text = dla_strbuf_text(&filled.text);
  r->length = filled.text.length;
  r->guesses = &filled.lines;
  if (!status && !filled.unreadable) status = read_text(r, m, err);
  if (guessed && status == DLA_E_INPUT) status = DLA_OK; /* no YAML, perhaps for a guess */
  r->text = NULL;
  r->guesses = NULL;
  dla_template_free(&filled);
  return status;
}

static bool is_used_already(const dla_workflow_reader *r, const struct stat *info)
{
  for (; r; r = r->around)
    if (r->is_module && r->device == info->st_dev && r->inode == info->st_ino) return true;
  return false;
}

static dla_status read_file(dla_workflow_reader *around, const yaml_node_t *node, module *m)
{
  struct stat info;
  char *text;
  dla_error *err = around->yaml.err;
  if (stat(m->use->file, &info) || !S_ISREG(info.st_mode))
    return dla_yaml_fail(&around->yaml, node,
                         "modules are not fetched: get it, and name its folder",
                         "'use' takes modules of local folders, and 'source' is none with a "
                         "module.yaml");
  if (is_used_already(around, &info))
    return dla_yaml_fail(&around->yaml, node, NULL, "the module uses itself");
  if (++*around->modules > MOST_MODULES)
    return dla_yaml_fail(&around->yaml, node, NULL, "more than %d modules are used", MOST_MODULES);
  dla_workflow_reader r = {.faults = around->faults,
                           .around = around,
                           .modules = around->modules,
                           .checks = around->checks,
                           .job = around->job,
                           .is_module = true,
                           .device = info.st_dev,
                           .inode = info.st_ino};
  TRY(dla_read_file(m->use->file, MOST_BYTES, &text, &r.length, err));
  dla_status status = read_filled(&r, m, text, err);
  free(text);
  return status;
}

/* ---- use ---- */

typedef struct wanted {
  char *source, *prefix;
  dla_workflow_variables args;
} wanted;

static dla_workflow_variable *find_input(const dla_workflow_use *use, const char *key)
{
  for (size_t i = 0; i < use->inputs.count; i++)
    if (use->inputs.items[i].key && strcmp(use->inputs.items[i].key, key) == 0)
      return &use->inputs.items[i];
  return NULL;
}

static dla_status set_input(dla_workflow_reader *r, const yaml_node_t *node, dla_workflow_use *use,
                            dla_workflow_variable *arg)
{
  char hint[96];
  dla_workflow_variable *in = arg->key ? find_input(use, arg->key) : NULL;
  if (in) {
    free(in->value);
    in->value = arg->value;
    arg->value = NULL;
  }
  if (in || !arg->key) return DLA_OK;
  dla_closest closest = dla_closest_to(arg->key);
  for (size_t i = 0; i < use->inputs.count; i++)
    if (use->inputs.items[i].key) dla_closest_offer(&closest, use->inputs.items[i].key);
  dla_closest_hint(&closest, "", "see its module.yaml", hint, sizeof hint);
  return dla_yaml_fail(&r->yaml, node, hint, "the module has no input '%.60s'", arg->key);
}

/* Inputs without a default and without an argument stay unset, as on the grid. */
static void drop_unset(dla_workflow_variables *inputs)
{
  size_t kept = 0;
  for (size_t i = 0; i < inputs->count; i++) {
    if (inputs->items[i].key && inputs->items[i].value) {
      inputs->items[kept++] = inputs->items[i];
      continue;
    }
    free(inputs->items[i].key);
    free(inputs->items[i].value);
  }
  inputs->count = kept;
}

/* "FOLDER/module.yaml", relative to the folder of the file that names it. */
static char *file_of(const char *around, const char *source)
{
  const size_t folder = source[0] == '/' ? 0 : (size_t)(dla_path_name(around) - around);
  dla_strbuf path = {0};
  dla_strbuf_append(&path, around, folder);
  dla_strbuf_printf(&path, "%s/module.yaml", source);
  return path.failed ? NULL : path.text;
}

static dla_status take(dla_workflow_reader *r, const yaml_node_t *node, module *m, wanted *w)
{
  m->use->file = file_of(r->yaml.name, w->source);
  if (!m->use->file) return dla_fail_memory(r->yaml.err, "a file name");
  TRY(dla_workflow_go_on(r, read_file(r, dla_workflow_at(r, node, "source"), m)));
  const yaml_node_t *args = dla_workflow_at(r, node, "args");
  for (size_t i = 0; m->knows_inputs && i < w->args.count; i++)
    TRY(dla_workflow_go_on(
        r, set_input(r, dla_yaml_item(&r->yaml, args, i), m->use, &w->args.items[i])));
  drop_unset(&m->use->inputs);
  return DLA_OK;
}

static void free_wanted(wanted *w)
{
  free(w->source);
  for (size_t i = 0; i < w->args.count; i++) {
    free(w->args.items[i].key);
    free(w->args.items[i].value);
  }
  free(w->args.items);
}

static dla_status read_use(dla_workflow_reader *r, const yaml_node_t *node, wanted *w)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_KEY("source", TEXT, wanted, source, true),
      DLA_WORKFLOW_INNER("args", wanted, args, false, dla_workflow_read_variables),
      DLA_WORKFLOW_KEY("exportEnvAs", TEXT, wanted, prefix, false),
      {0},
  };
  static const dla_workflow_unsupported unsupported[] = {
      {"steps", NULL, "only a template takes them that only the grid fills in"}, {0}};
  static const dla_workflow_mapping mapping = {
      .what = "'use'", .keys = keys, .unsupported = unsupported};
  return dla_workflow_read_mapping(r, &mapping, node, w);
}

dla_status dla_workflow_read_module(dla_workflow_reader *r, const yaml_node_t *node,
                                    dla_workflow_step *step, dla_workflow_steps_reader *read_steps)
{
  module m = {.use = &step->use, .steps = &step->steps, .read_steps = read_steps};
  wanted w = {0};
  dla_status status = read_use(r, node, &w);
  if (!status) status = dla_workflow_go_on(r, check_variable(r, node, "exportEnvAs", w.prefix));
  if (!status && w.source) status = take(r, node, &m, &w);
  m.use->export_as = w.prefix;
  free_wanted(&w);
  free(m.name);
  free(m.description);
  return status;
}

/* ---- Requirements of modules ---- */

static dla_status check_least(dla_workflow_reader *r, const dla_workflow_resources *job,
                              const dla_workflow_step *step)
{
  const dla_workflow_resources *least = &step->use.least;
  const struct {
    const char *key;
    int64_t least, given, lowest; /* below it: it could not be read, which is told already */
  } all[] = {{"tasks", least->tasks, job->tasks, 1},
             {"cpusPerTask", least->cpus_per_task, job->cpus_per_task, 1},
             {"memPerCpu", least->mem_per_cpu, job->mem_per_cpu, 1},
             {"gpus", least->gpus, job->gpus, 0}};
  char where[256];
  snprintf(where, sizeof where, "%.200s:%zu", step->file, step->line);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (all[i].given >= all[i].lowest && all[i].least > all[i].given)
      TRY(dla_workflow_go_on(
          r, dla_fail(r->yaml.err, DLA_E_INPUT, where, "raise the job's 'resources'",
                      "the module needs '%s' of %" PRId64 ", but the job has %" PRId64, all[i].key,
                      all[i].least, all[i].given)));
  return DLA_OK;
}

dla_status dla_workflow_check_modules(dla_workflow_reader *r, const dla_workflow_resources *job,
                                      const dla_workflow_steps *steps)
{
  for (size_t i = 0; i < steps->count; i++) {
    const dla_workflow_step *step = &steps->items[i];
    const dla_workflow_steps *const inner[] = {&step->steps, &step->loop.steps, &step->launch.steps,
                                               &step->on_failure, &step->always};
    if (step->use.file) TRY(check_least(r, job, step));
    for (size_t k = 0; k < sizeof inner / sizeof *inner; k++)
      TRY(dla_workflow_check_modules(r, job, inner[k]));
  }
  return DLA_OK;
}
