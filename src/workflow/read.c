/* Reads a workflow file: the job's own keys. */
#include "config.h" /* explicit_bzero */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/read_file.h"
#include "base/try.h"
#include "workflow/read_module.h"
#include "workflow/read_resources.h"
#include "workflow/read_step.h"
#include "workflow/read_transfer.h"

enum { MOST_BYTES = 1 << 20, MOST_DEEP = 64 };

static const dla_yaml_kind kind = {
    .manual = "see docs/workflow.md", .encoding = "a workflow is UTF-8 text", .depth = MOST_DEEP};

/* What modules are filled in with, which may stand behind the steps that use them. What is wrong
 * with it is told later. */
static dla_status read_resources_first(dla_workflow_reader *r, const yaml_node_t *node,
                                       dla_workflow_resources *resources)
{
  dla_workflow_faults ignored = {0}, *const faults = r->faults;
  r->faults = &ignored;
  dla_status status = DLA_OK;
  if (node->type == YAML_MAPPING_NODE && dla_workflow_has(r, node, "resources"))
    status = dla_workflow_go_on(r, dla_workflow_read_job_resources(
                                       r, dla_yaml_get(&r->yaml, node, "resources"), resources));
  dla_workflow_faults_free(&ignored);
  r->faults = faults;
  return status;
}

static dla_status read_keys(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  static const dla_workflow_key keys[] = {
      DLA_WORKFLOW_INNER("resources", dla_workflow, resources, true,
                         dla_workflow_read_job_resources),
      DLA_WORKFLOW_INNER("env", dla_workflow, env, false, dla_workflow_read_variables),
      DLA_WORKFLOW_KEY("enableLogging", BOOL, dla_workflow, logging, false),
      DLA_WORKFLOW_INNER("input", dla_workflow, input, false, dla_workflow_read_transfer),
      DLA_WORKFLOW_WHOLE("inputMode", dla_workflow, input_mode, false, 0),
      DLA_WORKFLOW_INNER("output", dla_workflow, output, false, dla_workflow_read_transfer),
      DLA_WORKFLOW_KEY("continuousOutputSync", BOOL, dla_workflow, continuous_sync, false),
      DLA_WORKFLOW_INNER("steps", dla_workflow, steps, true, dla_workflow_read_steps),
      {0},
  };
  static const dla_workflow_unsupported unsupported[] = {
      {"virtualNetworks", NULL,
       "steps have this node's network, and reach one another at 127.0.0.1: leave it out"},
      {0}};
  static const dla_workflow_mapping *const within[] = {&dla_workflow_job_resources, NULL};
  static const dla_workflow_mapping mapping = {
      .what = "a workflow", .keys = keys, .unsupported = unsupported, .within = within};
  dla_workflow *w = field;
  dla_workflow_resources job = {0};
  TRY(read_resources_first(r, node, &job));
  r->job = &job;
  dla_status status = dla_workflow_read_mapping(r, &mapping, node, w);
  r->job = NULL;
  if (status) return status;
  TRY(dla_workflow_check_modules(r, &w->resources, &w->steps));
  if (w->input_mode > 0777)
    return dla_yaml_fail(&r->yaml, dla_yaml_get(&r->yaml, node, "inputMode"),
                         "the mode in decimal: 448 is rwx------, 493 is rwxr-xr-x",
                         "'inputMode' is at most 511");
  return DLA_OK;
}

/* The grid's own client sends the workflow below `job`. */
static const yaml_node_t *inner_job(dla_yaml *yaml)
{
  return yaml->root && yaml->root->type == YAML_MAPPING_NODE ? dla_yaml_get(yaml, yaml->root, "job")
                                                             : NULL;
}

static dla_status read_job(dla_workflow_reader *r, dla_workflow *w)
{
  static const dla_workflow_key keys[] = {
      {.name = "job", .type = DLA_TYPE_OTHER, .required = true, .read = read_keys}, {0}};
  static const dla_workflow_mapping mapping = {.what = "a file with 'job'", .keys = keys};
  if (!r->yaml.root)
    return dla_fail(r->yaml.err, DLA_E_INPUT, r->yaml.name, kind.manual, "the workflow is empty");
  if (inner_job(&r->yaml)) return dla_workflow_read_mapping(r, &mapping, r->yaml.root, w);
  return read_keys(r, r->yaml.root, w);
}

/* Wipes every scalar, because some are secrets. */
static void wipe(yaml_document_t *document)
{
  for (yaml_node_t *node = document->nodes.start; node < document->nodes.top; node++)
    if (node->type == YAML_SCALAR_NODE)
      explicit_bzero(node->data.scalar.value, node->data.scalar.length);
}

static dla_status judge(const char *name, const dla_workflow_faults *faults, dla_error *err)
{
  if (!faults->count) return DLA_OK;
  if (faults->count > 1)
    return dla_fail(err, DLA_E_INPUT, name, "each has a line above; nothing was begun",
                    "%zu things in it are wrong, or cannot be done here", faults->count);
  *err = faults->items[0];
  return DLA_E_INPUT;
}

static dla_status read_document(dla_workflow_reader *r, const char *name, dla_workflow *w,
                                dla_error *err)
{
  TRY(dla_yaml_load(&r->yaml, &kind, name, r->text, r->length, err));
  *w = (dla_workflow){.input_mode = -1, .resources = {.gpus = -1, .gpus_per_task = -1}};
  w->name = strdup(name);
  if (w->name) r->yaml.name = w->name; /* the steps keep a pointer to it */
  dla_status status =
      w->name ? dla_workflow_go_on(r, read_job(r, w)) : dla_fail_memory(err, "the workflow");
  wipe(&r->yaml.document);
  yaml_document_delete(&r->yaml.document);
  return status ? status : judge(name, r->faults, err);
}

dla_status dla_workflow_read_text(const char *name, const char *text, size_t length,
                                  const dla_workflow_checks *checks, dla_workflow *w,
                                  dla_workflow_faults *faults, dla_error *err)
{
  dla_workflow_faults own = {0};
  size_t modules = 0;
  dla_workflow_reader r = {.text = text,
                           .length = length,
                           .faults = faults ? faults : &own,
                           .modules = &modules,
                           .checks = checks};
  *w = (dla_workflow){0};
  dla_status status = read_document(&r, name, w, err);
  if (status) dla_workflow_free(w);
  dla_workflow_faults_free(&own);
  return status;
}

dla_status dla_workflow_read(const char *path, const dla_workflow_checks *checks,
                             dla_workflow *workflow, dla_workflow_faults *faults, dla_error *err)
{
  char *text;
  size_t length;
  *workflow = (dla_workflow){0};
  TRY(dla_read_file(path, MOST_BYTES, &text, &length, err));
  dla_status status = dla_workflow_read_text(path, text, length, checks, workflow, faults, err);
  explicit_bzero(text, length);
  free(text);
  return status;
}

bool dla_workflow_recognise(const char *path)
{
  char *text;
  size_t length;
  struct stat info;
  dla_yaml yaml;
  dla_error ignored = {0};
  /* A pipe could not be read again. */
  if (stat(path, &info) || !S_ISREG(info.st_mode)) return false;
  if (dla_read_file(path, MOST_BYTES, &text, &length, &ignored)) return false;
  bool found = false;
  if (!dla_yaml_load(&yaml, &kind, path, text, length, &ignored)) {
    const yaml_node_t *job = inner_job(&yaml);
    if (!job) job = yaml.root;
    found = job && job->type == YAML_MAPPING_NODE && dla_yaml_get(&yaml, job, "steps");
    wipe(&yaml.document);
    yaml_document_delete(&yaml.document);
  }
  explicit_bzero(text, length);
  free(text);
  return found;
}
