/* Weights of grouped convolutions. They are stored plain. Before the primitive runs, they are
 * made dense (blocked/groups.c) and copied into its layout. After it, their gradient goes the
 * other way. Everything lies in the instruction's scratchpad: [in the primitive's
 * layout][dense][the primitive's own]. */
#include "backend/onednn/internal.h"

int onednn_grouped_dims(const blocked_groups *g, int64_t kernel, dnnl_dims_t dims)
{
  const int64_t all[] = {g->count, g->out, g->in, kernel, kernel};
  int skip = g->count == 1; /* to oneDNN a convolution without groups */
  for (int i = skip; i < 5; i++)
    dims[i - skip] = all[i];
  return 5 - skip;
}

static size_t padded(size_t bytes)
{
  return (bytes + 63) & ~(size_t)63;
}

dla_status onednn_plan_groups(onednn_plan *plan, const dla_program *program, int instruction,
                              dla_const_md chosen, dla_error *err)
{
  const dla_instruction *i = &program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  bool gradient = i->pass == DLA_PASS_BACKWARD_WEIGHTS;
  kernel->dense = dla_md_plain(chosen);
  if (!kernel->dense) return dla_fail_memory(err, "a memory descriptor");
  dnnl_status_t status =
      dla_dnnl_reorder(&kernel->reorder, plan->backend->engine, gradient ? chosen : kernel->dense,
                       gradient ? kernel->dense : chosen);
  kernel->reorder_bytes = padded(dla_md_bytes(chosen));
  if (kernel->groups.merged > 1) kernel->dense_bytes = padded(dla_md_bytes(kernel->dense));
  return status ? onednn_fail(err, i->name, status, "reorder the weights") : DLA_OK;
}

/* The stored weights, or their stored gradient. */
static float *stored(const onednn_plan *plan, const dla_instruction *i)
{
  return plan->program->value[backend_either(i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS)].data;
}

/* The dense weights: the stored ones if no groups are merged. */
static float *dense(const onednn_plan *plan, const onednn_kernel *kernel, const dla_instruction *i)
{
  char *scratchpad = (char *)backend_data(plan->program, i, DLA_ARG_SCRATCHPAD);
  return kernel->dense_bytes ? (float *)(scratchpad + kernel->reorder_bytes) : stored(plan, i);
}

dnnl_status_t onednn_bind_groups(onednn_plan *plan, int instruction)
{
  const dla_instruction *i = &plan->program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  dnnl_engine_t engine = plan->backend->engine;
  bool gradient = i->pass == DLA_PASS_BACKWARD_WEIGHTS;
  dnnl_memory_t *ours = gradient ? &kernel->reorder_to : &kernel->reorder_from;
  dnnl_memory_t *theirs = gradient ? &kernel->reorder_from : &kernel->reorder_to;
  dnnl_status_t status = dla_dnnl_memory(ours, kernel->dense, engine, dense(plan, kernel, i));
  for (int k = 0; k < kernel->count && !status; k++)
    if (kernel->arg[k] == DNNL_ARG_WEIGHTS || kernel->arg[k] == DNNL_ARG_DIFF_WEIGHTS)
      status = dla_dnnl_memory(theirs, kernel->md[k], engine,
                               backend_data(plan->program, i, DLA_ARG_SCRATCHPAD));
  return status;
}

void onednn_expand_weights(const onednn_plan *plan, int instruction)
{
  const dla_instruction *i = &plan->program->instruction[instruction];
  const onednn_kernel *kernel = &plan->kernel[instruction];
  if (kernel->dense_bytes && i->pass != DLA_PASS_BACKWARD_WEIGHTS)
    blocked_groups_expand(plan->backend->blocked.team, &kernel->groups, stored(plan, i),
                          dense(plan, kernel, i));
}

dnnl_status_t onednn_collect_gradient(const onednn_plan *plan, int instruction)
{
  const dla_instruction *i = &plan->program->instruction[instruction];
  const onednn_kernel *kernel = &plan->kernel[instruction];
  dnnl_status_t status = dla_dnnl_execute_reorder(kernel->reorder, plan->backend->stream,
                                                  kernel->reorder_from, kernel->reorder_to);
  if (!status && kernel->dense_bytes)
    blocked_groups_collect(plan->backend->blocked.team, &kernel->groups, dense(plan, kernel, i),
                           stored(plan, i));
  return status;
}
