#include "workflow/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"

static dla_status fail_at(const char *file, const dla_workflow_step *step, const char *hint,
                          const char *what, const char *name, dla_error *err)
{
  char where[256];
  snprintf(where, sizeof where, "%.200s:%zu", file, step->line);
  return dla_fail(err, DLA_E_INPUT, where, hint, "dependsOn of '%.60s': %s '%.60s'", step->name,
                  what, name);
}

static dla_status check_names(const dla_workflow_steps *steps, const char *file, dla_error *err)
{
  for (size_t i = 0; i < steps->count; i++) {
    const dla_workflow_strings *names = &steps->items[i].depends_on;
    for (size_t k = 0; k < names->count; k++) {
      char hint[96];
      if (dla_workflow_find_step(steps, names->items[k])) continue;
      dla_closest closest = dla_closest_to(names->items[k]);
      for (size_t s = 0; s < steps->count; s++)
        dla_closest_offer(&closest, steps->items[s].name);
      dla_closest_hint(&closest, "", "only steps of the same list can be awaited", hint,
                       sizeof hint);
      return fail_at(file, &steps->items[i], hint, "there is no step", names->items[k], err);
    }
  }
  return DLA_OK;
}

/* Have all that it depends on run? Otherwise *missing is one that has not. */
static bool is_ready(const dla_workflow_steps *steps, size_t i, const bool *placed,
                     const char **missing)
{
  const dla_workflow_strings *names = &steps->items[i].depends_on;
  for (size_t k = 0; k < names->count; k++) {
    *missing = names->items[k];
    if (!placed[dla_workflow_find_step(steps, *missing) - steps->items]) return false;
  }
  return true;
}

static dla_status place_all(dla_workflow_steps *steps, bool *placed, const char *file,
                            dla_error *err)
{
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
      return fail_at(file, &steps->items[first], "cut the circle", "it would wait for ever, for",
                     missing, err);
    }
    placed[i] = true;
    steps->order[n] = i;
  }
  return DLA_OK;
}

dla_status dla_workflow_order(dla_workflow_steps *steps, const char *file, dla_error *err)
{
  if (steps->count == 0) return DLA_OK;
  steps->order = calloc(steps->count, sizeof *steps->order);
  bool *placed = calloc(steps->count, sizeof *placed);
  dla_status status =
      steps->order && placed ? check_names(steps, file, err) : dla_fail_memory(err, "the workflow");
  if (!status) status = place_all(steps, placed, file, err);
  free(placed);
  return status;
}
