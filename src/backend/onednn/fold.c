/* fold_batch_norm. The weights are copied to a plain array, scaled there, and copied to the
 * layout of this program's convolution (for Winograd, already transformed). This runs once per
 * evaluation, so the code prefers clarity to speed. */
#include "backend/onednn/internal.h"

dla_status onednn_plan_fold(onednn_plan *plan, dla_program *program, int instruction,
                            dla_error *err)
{
  dla_instruction *i = &program->instruction[instruction];
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  int src = i->arg[DLA_ARG_SRC];
  if (blocked_folds_bias(plan->program, i)) return DLA_OK;
  i->scratchpad_bytes = (size_t)dla_shape_count(&dst->shape) * sizeof(float);
  /* Plain in a network that only evaluates; else the layout that the first convolution in
   * training chose. */
  return onednn_settle_weights(plan, program, src, plan->md[src], err);
}

dla_status onednn_bind_fold(onednn_plan *plan, int instruction, dla_error *err)
{
  const dla_instruction *i = &plan->program->instruction[instruction];
  if (blocked_folds_bias(plan->program, i)) return DLA_OK;
  onednn_kernel *kernel = &plan->kernel[instruction];
  dnnl_engine_t engine = plan->backend->engine;
  int src = i->arg[DLA_ARG_SRC], dst = i->arg[DLA_ARG_DST];
  onednn_free_kernel(kernel);
  *kernel = (onednn_kernel){.count = 2};
  kernel->md[0] = dla_md_plain(plan->md[src]);
  if (!kernel->md[0]) return dla_fail_memory(err, "a memory descriptor");
  dnnl_status_t status = dla_dnnl_reorder(&kernel->reorder, engine, plan->md[src], kernel->md[0]);
  if (!status) status = dla_dnnl_reorder(&kernel->primitive, engine, kernel->md[0], plan->md[dst]);
  if (!status)
    status = dla_dnnl_memory(&kernel->reorder_from, plan->md[src], engine,
                             plan->program->value[src].data);
  if (!status)
    status = dla_dnnl_memory(&kernel->memory[0], kernel->md[0], engine,
                             backend_data(plan->program, i, DLA_ARG_SCRATCHPAD));
  if (!status)
    status =
        dla_dnnl_memory(&kernel->memory[1], plan->md[dst], engine, plan->program->value[dst].data);
  return status ? onednn_fail(err, i->name, status, "fold the batch norm") : DLA_OK;
}

typedef struct folding {
  const dla_program *program;
  const dla_instruction *i;
} folding;

/* An item is the weights of one output channel. */
static void scale_rows(const void *context, dla_items *items)
{
  const folding *f = context;
  const dla_shape *shape = &dla_program_arg(f->program, f->i, DLA_ARG_DST)->shape;
  float *plain = dla_program_arg(f->program, f->i, DLA_ARG_SCRATCHPAD)->data;
  int64_t row = dla_shape_count(shape) / shape->dim[0];
  for (int64_t c; dla_items_next(items, &c);) {
    float scale = blocked_fold_scale(f->program, f->i, c);
    for (int64_t k = 0; k < row; k++)
      plain[c * row + k] *= scale;
  }
}

dla_status onednn_execute_fold(onednn_plan *plan, int instruction, dla_error *err)
{
  const dla_instruction *i = &plan->program->instruction[instruction];
  if (blocked_folds_bias(plan->program, i)) {
    blocked_fold_bias(plan->program, i);
    return DLA_OK;
  }
  const onednn_kernel *kernel = &plan->kernel[instruction];
  dnnl_stream_t stream = plan->backend->stream;
  dnnl_status_t status =
      dla_dnnl_execute_reorder(kernel->reorder, stream, kernel->reorder_from, kernel->memory[0]);
  if (!status) {
    const dla_shape *shape = &dla_program_arg(plan->program, i, DLA_ARG_DST)->shape;
    dla_team_run(plan->backend->blocked.team, shape->dim[0], scale_rows,
                 &(folding){plan->program, i});
    status =
        dla_dnnl_execute_reorder(kernel->primitive, stream, kernel->memory[0], kernel->memory[1]);
  }
  return status ? onednn_fail(err, i->name, status, "fold the batch norm") : DLA_OK;
}
