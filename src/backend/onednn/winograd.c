/* 3x3 convolutions by our own Winograd (kernels/winograd.h) instead of oneDNN's: faster, with a
 * smaller scratchpad, and there in oneDNN 3, too, which has none for x86-64. */
#include <stdio.h>

#include "backend/onednn/internal.h"
#include "kernels/leaf.h"

static dla_md weights_md(const onednn_plan *plan, const dla_shape *shape)
{
  dnnl_dims_t dims;
  return dla_md_by_tag(onednn_dims(shape, dims), dims,
                       plan->backend->blocked.block == 16 ? dnnl_OIhw16i16o : dnnl_OIhw8i8o);
}

dla_status onednn_plan_winograd(onednn_plan *plan, dla_program *program, int instruction,
                                dla_error *err)
{
  dla_instruction *i = &program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  int weights = backend_either(i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS);
  dla_md md = weights_md(plan, &program->value[weights].shape);
  if (!md) return dla_fail_memory(err, "a memory descriptor");
  dla_status status = onednn_settle_weights(plan, program, weights, md, err);
  kernel->winograd = dla_md_equal(plan->md[weights], md);
  dla_md_free(md);
  if (status || !kernel->winograd) return status;
  i->scratchpad_bytes = blocked_winograd_scratchpad(&plan->backend->blocked, program, i);
  snprintf(kernel->implementation, sizeof kernel->implementation, "winograd:%s", dla_leaf()->name);
  return DLA_OK;
}
