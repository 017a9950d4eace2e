/* The instructions that oneDNN primitives execute: conv2d and linear. */
#include <stdio.h>
#include <string.h>

#include "backend/onednn/internal.h"

bool onednn_has_primitive(dla_op_kind op)
{
  return op == DLA_OP_CONV2D || op == DLA_OP_LINEAR;
}

/* The primitive's arguments, with our roles and oneDNN's. */
static const struct {
  dla_arg ours;
  int theirs;
  dnnl_query_t query;
} roles[] = {
    {DLA_ARG_SRC, DNNL_ARG_SRC, dnnl_query_src_md},
    {DLA_ARG_WEIGHTS, DNNL_ARG_WEIGHTS, dnnl_query_weights_md},
    {DLA_ARG_BIAS, DNNL_ARG_BIAS, 0},
    {DLA_ARG_DST, DNNL_ARG_DST, dnnl_query_dst_md},
    {DLA_ARG_DIFF_SRC, DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md},
    {DLA_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md},
    {DLA_ARG_DIFF_BIAS, DNNL_ARG_DIFF_BIAS, 0},
    {DLA_ARG_DIFF_DST, DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md},
    {DLA_ARG_SCRATCHPAD, DNNL_ARG_SCRATCHPAD, dnnl_query_scratchpad_md},
};

/* The weights of a linear layer on an image get the shape {out, channels, height, width}. */
static int weights_dims(const dla_value *weights, const dla_shape *src, dnnl_dims_t dims)
{
  int rank = onednn_dims(&weights->shape, dims);
  if (rank == src->rank) return rank;
  for (int i = 1; i < src->rank; i++)
    dims[i] = src->dim[i];
  return src->rank;
}

static void set_window(dla_dnnl_problem *p, const dla_instruction *i, const dla_shape *src,
                       const dla_shape *dst)
{
  const int64_t dilation = backend_dilation(i);
  const int64_t kernel = dilation * ((int64_t)i->attr[DLA_ATTR_KERNEL] - 1) + 1;
  for (int d = 0; d < 2; d++) {
    p->stride[d] = (dnnl_dim_t)i->attr[DLA_ATTR_STRIDE];
    p->dilates[d] = dilation - 1;
    p->padding_left[d] = (dnnl_dim_t)i->attr[DLA_ATTR_PADDING];
    /* Negative if no window reaches the last rows. */
    p->padding_right[d] =
        (dst->dim[2 + d] - 1) * p->stride[d] + kernel - src->dim[2 + d] - p->padding_left[d];
  }
}

/* Creates the first implementation that the library offers. */
static dnnl_status_t make_pd(dnnl_primitive_desc_t *pd, const onednn_plan *plan, dla_op_kind op,
                             const dla_dnnl_problem *problem)
{
  dnnl_engine_t engine = plan->backend->engine;
  return op == DLA_OP_CONV2D ? dla_dnnl_convolution(pd, engine, problem)
                             : dla_dnnl_inner_product(pd, engine, problem);
}

/* The forward problem, for an instruction of any pass. */
static void forward_problem(const onednn_plan *plan, const dla_program *program,
                            const dla_instruction *i, dla_const_md weights, dla_dnnl_problem *p)
{
  int src = backend_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC);
  int dst = backend_either(i, DLA_ARG_DST, DLA_ARG_DIFF_DST);
  int bias = backend_either(i, DLA_ARG_BIAS, DLA_ARG_DIFF_BIAS);
  *p = (dla_dnnl_problem){
      /* In evaluation, too: its weights are those of training and must keep their layout. */
      .prop = dnnl_forward_training,
      .src = plan->md[src],
      .dst = plan->md[dst],
      .weights = weights,
      .bias = bias >= 0 ? plan->md[bias] : NULL,
  };
  if (i->op == DLA_OP_LINEAR) return;
  set_window(p, i, &program->value[src].shape, &program->value[dst].shape);
  p->algorithm = plan->backend->blocked.convolution == DLA_CONVOLUTION_DIRECT
                     ? dnnl_convolution_direct
                     : dnnl_convolution_auto;
}

/* Does this program compute the weights itself? Then the primitive may choose their layout. */
static bool is_folded(const dla_program *program, const dla_instruction *i)
{
  int weights = i->arg[DLA_ARG_WEIGHTS];
  return weights >= 0 && program->value[weights].parameter < 0;
}

static dnnl_status_t make_tuned(dnnl_primitive_desc_t *pd, const onednn_plan *plan,
                                const dla_program *program, const dla_instruction *i,
                                const dla_dnnl_problem *problem)
{
  if (i->op == DLA_OP_CONV2D && backend_groups(i) == 1)
    return onednn_tuned_convolution(pd, plan, program, i, problem);
  return make_pd(pd, plan, i->op, problem);
}

/* Creates kernel->pd. *weights_md is the stored layout of the weights (or diff_weights), or NULL
 * if it is still open. backward_data may read the weights in any layout: see plan_reorder(). */
static dnnl_status_t plan_pd(onednn_plan *plan, const dla_program *program, int instruction,
                             dla_const_md stored, dla_const_md open)
{
  const dla_instruction *i = &program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  dla_dnnl_problem problem;
  forward_problem(plan, program, i, stored ? stored : open, &problem);
  if (i->pass == DLA_PASS_FORWARD) {
    problem.accumulate = i->accumulate;
    if (is_folded(program, i)) problem.prop = dnnl_forward_inference;
    return make_tuned(&kernel->pd, plan, program, i, &problem);
  }
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = make_pd(&hint, plan, i->op, &problem);
  if (status) return status;
  problem.hint = hint;
  problem.prop = i->pass == DLA_PASS_BACKWARD_WEIGHTS ? dnnl_backward_weights : dnnl_backward_data;
  if (i->pass == DLA_PASS_BACKWARD_DATA) problem.weights = open;
  status = make_tuned(&kernel->pd, plan, program, i, &problem);
  dnnl_primitive_desc_destroy(hint);
  return status;
}

static dla_const_md query_md(const onednn_kernel *kernel, dnnl_query_t query, int index)
{
  return dnnl_primitive_desc_query_md(kernel->pd, query, index);
}

/* Lists the primitive's arguments with the layouts it wants. */
static dla_status list_arguments(onednn_plan *plan, dla_program *program, int instruction,
                                 dla_error *err)
{
  onednn_kernel *kernel = &plan->kernel[instruction];
  const dla_instruction *i = &program->instruction[instruction];
  for (size_t r = 0; r < sizeof roles / sizeof roles[0]; r++) {
    int value = i->arg[roles[r].ours];
    bool scratchpad = roles[r].ours == DLA_ARG_SCRATCHPAD;
    if (value < 0 && !scratchpad) continue;
    dla_const_md md = roles[r].query ? query_md(kernel, roles[r].query, 0) : plan->md[value];
    if (!md || dla_md_bytes(md) == 0) continue;
    int k = kernel->count++;
    kernel->arg[k] = roles[r].theirs;
    kernel->value[k] = value; /* the scratchpad's is set after the memory plan */
    kernel->md[k] = dla_md_clone(md);
    if (!kernel->md[k]) return dla_fail_memory(err, "a memory descriptor");
  }
  return DLA_OK;
}

static dla_status plan_reorder(onednn_plan *plan, const dla_program *program, int instruction,
                               dla_error *err)
{
  const dla_instruction *i = &program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  if (i->pass != DLA_PASS_BACKWARD_DATA || i->arg[DLA_ARG_WEIGHTS] < 0) return DLA_OK;
  dla_const_md stored = plan->md[i->arg[DLA_ARG_WEIGHTS]];
  dla_const_md wanted = query_md(kernel, dnnl_query_weights_md, 0);
  if (dla_md_equal(stored, wanted)) return DLA_OK;
  dnnl_status_t status = dla_dnnl_reorder(&kernel->reorder, plan->backend->engine, stored, wanted);
  kernel->reorder_bytes = (dla_md_bytes(wanted) + 63) & ~(size_t)63;
  return status ? onednn_fail(err, i->name, status, "reorder the weights") : DLA_OK;
}

static dla_status plan_weighted(onednn_plan *plan, dla_program *program, int instruction,
                                dla_error *err)
{
  const dla_instruction *i = &program->instruction[instruction];
  int weights = backend_either(i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS);
  int src = backend_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC);
  onednn_kernel *kernel = &plan->kernel[instruction];
  dnnl_dims_t dims;
  int rank = kernel->grouped
                 ? onednn_grouped_dims(&kernel->groups, (int64_t)i->attr[DLA_ATTR_KERNEL], dims)
                 : weights_dims(&program->value[weights], &program->value[src].shape, dims);
  dla_md open = dla_md_by_tag(rank, dims, dnnl_format_tag_any);
  if (!open) return dla_fail_memory(err, "a memory descriptor");
  bool chosen_here = kernel->grouped || is_folded(program, i);
  dla_md stored =
      chosen_here ? NULL : onednn_stored_weights(plan->backend, &program->value[weights]);
  dnnl_status_t status = plan_pd(plan, program, instruction, stored, open);
  dla_md_free(open);
  if (status) return onednn_fail(err, i->name, status, dla_op_name(i->op));
  bool gradient = i->pass == DLA_PASS_BACKWARD_WEIGHTS;
  if (kernel->grouped)
    return onednn_plan_groups(
        plan, program, instruction,
        query_md(kernel, gradient ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0), err);
  dla_const_md chosen = query_md(kernel, dnnl_query_weights_md, 0);
  dla_status ours = onednn_settle_weights(plan, program, weights, chosen, err);
  return ours ? ours : plan_reorder(plan, program, instruction, err);
}

dla_status onednn_plan_primitive(onednn_plan *plan, dla_program *program, int instruction,
                                 dla_error *err)
{
  dla_instruction *i = &program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  dla_status status = onednn_plan_own(plan, program, instruction, err);
  if (status || kernel->own) return status;
  if (backend_groups(i) > 1) {
    backend_geometry geometry = backend_geometry_of(program, i);
    kernel->grouped = true;
    kernel->groups = blocked_groups_of(&geometry, plan->backend->blocked.block);
  }
  status = plan_weighted(plan, program, instruction, err);
  if (status) return status;
  dnnl_status_t theirs = dnnl_primitive_create(&kernel->primitive, kernel->pd);
  if (theirs) return onednn_fail(err, i->name, theirs, "create the primitive");
  const char *name = NULL;
  dnnl_primitive_desc_query(kernel->pd, dnnl_query_impl_info_str, 0, &name);
  snprintf(kernel->implementation, sizeof kernel->implementation, "%s%s", name ? name : "?",
           kernel->grouped   ? ", groups"
           : kernel->reorder ? ", weights reordered"
                             : "");
  dla_const_md scratchpad = query_md(kernel, dnnl_query_scratchpad_md, 0);
  i->scratchpad_bytes =
      kernel->reorder_bytes + kernel->dense_bytes + (scratchpad ? dla_md_bytes(scratchpad) : 0);
  return list_arguments(plan, program, instruction, err);
}

static void free_memories(onednn_kernel *kernel)
{
  for (int k = 0; k < kernel->count; k++)
    if (kernel->memory[k]) dnnl_memory_destroy(kernel->memory[k]);
  memset(kernel->memory, 0, sizeof kernel->memory);
  if (kernel->reorder_from) dnnl_memory_destroy(kernel->reorder_from);
  if (kernel->reorder_to) dnnl_memory_destroy(kernel->reorder_to);
  kernel->reorder_from = kernel->reorder_to = NULL;
}

dla_status onednn_bind_primitive(onednn_plan *plan, int instruction, dla_error *err)
{
  const dla_instruction *i = &plan->program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  dnnl_engine_t engine = plan->backend->engine;
  const dla_value *scratchpad = dla_program_arg(plan->program, i, DLA_ARG_SCRATCHPAD);
  dnnl_status_t status = dnnl_success;
  if (kernel->own) return DLA_OK;
  free_memories(kernel);
  for (int k = 0; k < kernel->count && !status; k++) {
    void *data = kernel->arg[k] == DNNL_ARG_SCRATCHPAD
                     ? (char *)scratchpad->data + kernel->reorder_bytes + kernel->dense_bytes
                     : plan->program->value[kernel->value[k]].data;
    if (kernel->reorder &&
        (kernel->arg[k] == DNNL_ARG_WEIGHTS || kernel->arg[k] == DNNL_ARG_DIFF_WEIGHTS))
      data = scratchpad->data;
    status = dla_dnnl_memory(&kernel->memory[k], kernel->md[k], engine, data);
    kernel->exec[k] = (dnnl_exec_arg_t){kernel->arg[k], kernel->memory[k]};
  }
  if (kernel->grouped && !status)
    status = onednn_bind_groups(plan, instruction);
  else if (kernel->reorder && !status) {
    int weights = i->arg[DLA_ARG_WEIGHTS];
    status = dla_dnnl_memory(&kernel->reorder_from, plan->md[weights], engine,
                             plan->program->value[weights].data);
    for (int k = 0; k < kernel->count && !status; k++)
      if (kernel->arg[k] == DNNL_ARG_WEIGHTS)
        status = dla_dnnl_memory(&kernel->reorder_to, kernel->md[k], engine, scratchpad->data);
  }
  return status ? onednn_fail(err, i->name, status, "bind the memory") : DLA_OK;
}

dla_status onednn_execute_primitive(onednn_plan *plan, int instruction, dla_error *err)
{
  onednn_kernel *kernel = &plan->kernel[instruction];
  const dla_instruction *i = &plan->program->instruction[instruction];
  if (kernel->own) {
    blocked_own_execute(&plan->backend->blocked, plan->program, i);
    return DLA_OK;
  }
  dnnl_stream_t stream = plan->backend->stream;
  dnnl_status_t status = dnnl_success;
  bool gradient_in_groups = kernel->grouped && i->pass == DLA_PASS_BACKWARD_WEIGHTS;
  if (kernel->grouped) onednn_expand_weights(plan, instruction);
  if (kernel->reorder && !gradient_in_groups)
    status =
        dla_dnnl_execute_reorder(kernel->reorder, stream, kernel->reorder_from, kernel->reorder_to);
  if (!status)
    status = dnnl_primitive_execute(kernel->primitive, stream, kernel->count, kernel->exec);
  if (!status) status = dnnl_stream_wait(stream);
  if (!status && gradient_in_groups) status = onednn_collect_gradient(plan, instruction);
  if (status) return onednn_fail(err, i->name, status, "execute");
  /* oneDNN's own ReLU, eltwise_relu, turns NaN into zero. */
  const dla_value *dst = i->relu ? dla_program_arg(plan->program, i, DLA_ARG_DST) : NULL;
  if (dst)
    dla_relu_kernel(plan->backend->blocked.team, plan->backend->blocked.leaf, dst->data, dst->data,
                    dst->bytes / sizeof(float));
  return DLA_OK;
}

void onednn_free_kernel(onednn_kernel *kernel)
{
  free_memories(kernel);
  for (int k = 0; k < kernel->count; k++)
    dla_md_free(kernel->md[k]);
  if (kernel->primitive) dnnl_primitive_destroy(kernel->primitive);
  dla_md_free(kernel->dense);
  if (kernel->reorder) dnnl_primitive_destroy(kernel->reorder);
  if (kernel->pd) dnnl_primitive_desc_destroy(kernel->pd);
}
