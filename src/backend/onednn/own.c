/* Convolutions by our own kernels instead of oneDNN's. Winograd for 3x3 is faster and needs a
 * smaller scratchpad; oneDNN 3 has none for x86-64. 1x1 hands out work to threads dynamically,
 * keeps NaN in its ReLU, and supports every instruction set. */
#include <stdio.h>

#include "backend/onednn/internal.h"

static dla_md weights_md(const onednn_backend *backend, const dla_shape *shape)
{
  dnnl_dims_t dims;
  return dla_md_by_tag(onednn_dims(shape, dims), dims,
                       backend->blocked.block == 16 ? dnnl_OIhw16i16o : dnnl_OIhw8i8o);
}

bool onednn_may_own(const onednn_backend *backend, const dla_program *program,
                    const dla_instruction *i)
{
  if (i->op != DLA_OP_CONV2D) return true;
  const dla_value *weights =
      &program->value[backend_either(i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS)];
  const dla_md stored = onednn_stored_weights(backend, weights);
  dla_md md = stored ? weights_md(backend, &weights->shape) : NULL;
  const bool may = !stored || (md && dla_md_equal(stored, md));
  dla_md_free(md);
  return may;
}

dla_status onednn_plan_own(onednn_plan *plan, dla_program *program, int instruction, dla_error *err)
{
  dla_instruction *i = &program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  const blocked_options *blocked = &plan->backend->blocked;
  blocked_own own = blocked_own_kernel(blocked, program, i);
  if (own == BLOCKED_OTHERS) return DLA_OK;
  int weights = backend_either(i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS);
  dla_md md = weights_md(plan->backend, &program->value[weights].shape);
  if (!md) return dla_fail_memory(err, "a memory descriptor");
  dla_status status = onednn_settle_weights(plan, program, weights, md, err);
  kernel->own = dla_md_equal(plan->md[weights], md);
  dla_md_free(md);
  if (status || !kernel->own) return status;
  i->scratchpad_bytes = blocked_own_scratchpad(blocked, program, i);
  blocked_own_name(blocked_leaf(blocked, program, i), own, kernel->implementation);
  return DLA_OK;
}
