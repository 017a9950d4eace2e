#include "workflow/order.h"

#include <stdlib.h>
#include <strings.h>

#include "base/closest.h"
#include "base/try.h"

/* A list of steps with what was read of it. */
typedef struct ordering {
  dla_workflow_reader *r;
  const yaml_node_t *list;
  dla_workflow_steps *steps;
} ordering;

static dla_status fail_at(const ordering *o, size_t i, const char *hint, const char *what,
                          const char *name)
{
  const yaml_node_t *node =
      dla_workflow_at(o->r, dla_yaml_item(&o->r->yaml, o->list, i), "dependsOn");
  return dla_yaml_fail(&o->r->yaml, node, hint, "dependsOn of '%.60s': %s '%.60s'",
                       o->steps->items[i].name, what, name);
}

static dla_status fail_unknown(const ordering *o, size_t i, const char *name)
{
  char hint[96];
  dla_closest closest = dla_closest_to(name);
  for (size_t s = 0; s < o->steps->count; s++)
    dla_closest_offer(&closest, o->steps->items[s].name);
  dla_closest_hint(&closest, "", "only steps of the same list can be awaited", hint, sizeof hint);
  return fail_at(o, i, hint, "there is no step", name);
}

static bool has_handle(const dla_workflow_step *step, const char *name)
{
  return step->launch.handle && strcasecmp(step->launch.handle, name) == 0;
}

/* Checks a name that the step at i awaits. Only one step may have it, or else one launch. */
static dla_status check_name(const ordering *o, size_t i, const char *name)
{
  const dla_workflow_steps *steps = o->steps;
  const dla_workflow_step *first = dla_workflow_find_step(steps, name);
  if (!first) return fail_unknown(o, i, name);
  const size_t behind = (size_t)(first - steps->items) + 1;
  const dla_workflow_steps rest = {.items = steps->items + behind, .count = steps->count - behind};
  const dla_workflow_step *second = dla_workflow_find_step(&rest, name);
  if (!second || (has_handle(first, name) && !has_handle(second, name))) return DLA_OK;
  return fail_at(o, i, "give each a name of its own", "there are several steps", name);
}

static dla_status check_names(const ordering *o)
{
  const dla_workflow_steps *steps = o->steps;
  for (size_t i = 0; i < steps->count; i++) {
    const dla_workflow_strings *names = &steps->items[i].depends_on;
    for (size_t k = 0; k < names->count; k++)
      TRY(dla_workflow_go_on(o->r, check_name(o, i, names->items[k])));
  }
  return DLA_OK;
}

/* Are all dependencies that are there placed? If not, *missing is one that is not. */
static bool is_ready(const dla_workflow_steps *steps, size_t i, const bool *placed,
                     const char **missing)
{
  const dla_workflow_strings *names = &steps->items[i].depends_on;
  for (size_t k = 0; k < names->count; k++) {
    *missing = names->items[k];
    const dla_workflow_step *step = dla_workflow_find_step(steps, *missing);
    if (step && !placed[step - steps->items]) return false;
  }
  return true;
}

static dla_status place_all(const ordering *o, bool *placed)
{
  const dla_workflow_steps *steps = o->steps;
  const char *missing = "";
  for (size_t n = 0; n < steps->count; n++) {
    size_t i = 0, first = steps->count;
    for (; i < steps->count; i++) {
      if (placed[i]) continue;
      if (first == steps->count) first = i;
      if (is_ready(steps, i, placed, &missing)) break;
    }
    if (i == steps->count) {
      is_ready(steps, first, placed, &missing);
      return fail_at(o, first, "cut the circle", "it would wait for ever, for", missing);
    }
    placed[i] = true;
    steps->order[n] = i;
  }
  return DLA_OK;
}

/* A step that could not be read cannot be awaited; its fault is already reported. */
static bool is_read(const dla_workflow_steps *steps)
{
  for (size_t i = 0; i < steps->count; i++) {
    const dla_workflow_step *step = &steps->items[i];
    if (!step->name) return false;
    for (size_t k = 0; k < step->depends_on.count; k++)
      if (!step->depends_on.items[k]) return false;
  }
  return true;
}

dla_status dla_workflow_order(dla_workflow_reader *r, const yaml_node_t *list,
                              dla_workflow_steps *steps)
{
  const ordering o = {.r = r, .list = list, .steps = steps};
  if (steps->count == 0 || !is_read(steps)) return DLA_OK;
  TRY(check_names(&o));
  steps->order = calloc(steps->count, sizeof *steps->order);
  bool *placed = calloc(steps->count, sizeof *placed);
  dla_status status =
      steps->order && placed ? place_all(&o, placed) : dla_fail_memory(r->yaml.err, "the workflow");
  free(placed);
  return status;
}
