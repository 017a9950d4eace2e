#include "workflow/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/try.h"

static dla_status fail_at(dla_workflow_reader *r, const dla_workflow_step *step, const char *hint,
                          const char *what, const char *name)
{
  char where[256];
  snprintf(where, sizeof where, "%.200s:%zu", r->yaml.name, step->line);
  return dla_fail(r->yaml.err, DLA_E_INPUT, where, hint, "dependsOn of '%.60s': %s '%.60s'",
                  step->name, what, name);
}

static dla_status check_names(dla_workflow_reader *r, const dla_workflow_steps *steps)
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
      TRY(dla_workflow_go_on(
          r, fail_at(r, &steps->items[i], hint, "there is no step", names->items[k])));
    }
  }
  return DLA_OK;
}

/* Are all dependencies placed? If not, *missing is one that is not. */
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

static dla_status place_all(dla_workflow_reader *r, dla_workflow_steps *steps, bool *placed)
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
      return fail_at(r, &steps->items[first], "cut the circle", "it would wait for ever, for",
                     missing);
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

dla_status dla_workflow_order(dla_workflow_reader *r, dla_workflow_steps *steps)
{
  const size_t before = r->faults->count;
  if (steps->count == 0 || !is_read(steps)) return DLA_OK;
  TRY(check_names(r, steps));
  if (r->faults->count != before) return DLA_OK;
  steps->order = calloc(steps->count, sizeof *steps->order);
  bool *placed = calloc(steps->count, sizeof *placed);
  dla_status status = steps->order && placed ? place_all(r, steps, placed)
                                             : dla_fail_memory(r->yaml.err, "the workflow");
  free(placed);
  return status;
}
