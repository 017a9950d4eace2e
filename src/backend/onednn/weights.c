#include "backend/onednn/internal.h"

/* The first forward primitive that is planned chooses the layout of the weights, for all
 * programs. Until then the layout is open ("any"). */
static dla_md *weights_slot(const onednn_backend *backend, const dla_value *value)
{
  return &backend->weights[value->parameter * 8 + value->part];
}

/* Makes a layout the value's. */
static dla_status adopt(onednn_plan *plan, dla_program *program, int value, dla_const_md md,
                        dla_error *err)
{
  dla_md copy = dla_md_clone(md);
  if (!copy) return dla_fail_memory(err, "a memory descriptor");
  dla_md_free(plan->md[value]);
  plan->md[value] = copy;
  plan->plain[value] = false; /* not known */
  program->value[value].bytes = dla_md_bytes(md);
  return DLA_OK;
}

dla_md onednn_stored_weights(const onednn_backend *backend, const dla_value *value)
{
  const bool known = value->parameter >= 0 &&
                     (size_t)value->parameter * 8 + (size_t)value->part < backend->weights_capacity;
  return known ? *weights_slot(backend, value) : NULL;
}

dla_status onednn_settle_weights(onednn_plan *plan, dla_program *program, int value,
                                 dla_const_md chosen, dla_error *err)
{
  if (program->value[value].parameter < 0) return adopt(plan, program, value, chosen, err);
  dla_md *slot = weights_slot(plan->backend, &program->value[value]);
  if (!*slot) {
    *slot = dla_md_clone(chosen);
    if (!*slot) return dla_fail_memory(err, "a memory descriptor");
  }
  return adopt(plan, program, value, *slot, err);
}
