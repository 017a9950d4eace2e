#include "workflow/faults.h"

#include <stdlib.h>

#include "base/array.h"

dla_status dla_workflow_faults_add(dla_workflow_faults *faults, const dla_error *fault,
                                   dla_error *err)
{
  if (!DLA_ARRAY_RESERVE(faults->items, faults->capacity, faults->count, 1))
    return dla_fail_memory(err, "the workflow");
  faults->items[faults->count++] = *fault;
  return DLA_OK;
}

void dla_workflow_faults_print(const dla_workflow_faults *faults, dla_strbuf *out)
{
  for (size_t i = 0; i < faults->count; i++) {
    const dla_error *e = &faults->items[i];
    dla_strbuf_printf(out, "%s: %s%s%s%s\n", e->where, e->what, e->hint[0] ? " (" : "", e->hint,
                      e->hint[0] ? ")" : "");
  }
}

void dla_workflow_faults_free(dla_workflow_faults *faults)
{
  free(faults->items);
  *faults = (dla_workflow_faults){0};
}
