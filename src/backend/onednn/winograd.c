/* 3x3 convolutions by our own Winograd (kernels/winograd.h) instead of oneDNN's: faster, with a
 * smaller scratchpad, and there in oneDNN 3, too, which has none for x86-64. */
#include <stdio.h>

#include "backend/onednn/internal.h"
#include "kernels/leaf.h"
#include "kernels/winograd.h"

static int weights_of(const dla_instruction *i)
{
  return onednn_either(i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS);
}

static int src_of(const dla_instruction *i)
{
  return onednn_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC);
}

static dla_winograd shape_of(const onednn_plan *plan, const dla_program *program,
                             const dla_instruction *i)
{
  const dla_shape *src = &program->value[src_of(i)].shape;
  return (dla_winograd){.batch = src->dim[0],
                        .height = src->dim[2],
                        .width = src->dim[3],
                        .in = src->dim[1],
                        .out = program->value[weights_of(i)].shape.dim[0],
                        .block = plan->backend->block,
                        .threads = plan->backend->threads};
}

static dla_winograd_pass pass_of(const dla_instruction *i)
{
  return i->pass == DLA_PASS_FORWARD         ? DLA_WINOGRAD_FORWARD
         : i->pass == DLA_PASS_BACKWARD_DATA ? DLA_WINOGRAD_BACKWARD_DATA
                                             : DLA_WINOGRAD_BACKWARD_WEIGHTS;
}

static dla_md weights_md(const onednn_plan *plan, const dla_shape *shape)
{
  dnnl_dims_t dims;
  return dla_md_by_tag(onednn_dims(shape, dims), dims,
                       plan->backend->block == 16 ? dnnl_OIhw16i16o : dnnl_OIhw8i8o);
}

bool onednn_winograd_fits(const onednn_plan *plan, const dla_program *program,
                          const dla_instruction *i)
{
  if (i->op != DLA_OP_CONV2D || i->attr[DLA_ATTR_KERNEL] != 3 || i->attr[DLA_ATTR_STRIDE] != 1 ||
      i->attr[DLA_ATTR_PADDING] != 1 || i->arg[DLA_ARG_DIFF_BIAS] >= 0 ||
      src_of(i) == program->input)
    return false;
  if (plan->backend->convolution == DLA_CONVOLUTION_WINOGRAD) return true;
  return plan->backend->convolution == DLA_CONVOLUTION_AUTO &&
         program->batch >= ONEDNN_WINOGRAD_BATCH;
}

dla_status onednn_plan_winograd(onednn_plan *plan, dla_program *program, int instruction,
                                dla_error *err)
{
  dla_instruction *i = &program->instruction[instruction];
  onednn_kernel *kernel = &plan->kernel[instruction];
  dla_winograd w = shape_of(plan, program, i);
  int weights = weights_of(i);
  dla_md md = weights_md(plan, &program->value[weights].shape);
  if (!md) return dla_fail_memory(err, "a memory descriptor");
  dla_status status = onednn_settle_weights(plan, program, weights, md, err);
  kernel->winograd = dla_md_equal(plan->md[weights], md);
  dla_md_free(md);
  if (status || !kernel->winograd) return status;
  i->scratchpad_bytes = dla_winograd_scratchpad(&w, pass_of(i));
  snprintf(kernel->implementation, sizeof kernel->implementation, "winograd_4x3:%s",
           dla_leaf()->name);
  return DLA_OK;
}

void onednn_execute_winograd(const onednn_plan *plan, const dla_instruction *i)
{
  dla_winograd w = shape_of(plan, plan->program, i);
  float *scratchpad = onednn_data(plan, i, DLA_ARG_SCRATCHPAD);
  if (i->pass == DLA_PASS_FORWARD)
    dla_winograd_forward(&w, onednn_data(plan, i, DLA_ARG_SRC),
                         onednn_data(plan, i, DLA_ARG_WEIGHTS), onednn_data(plan, i, DLA_ARG_BIAS),
                         i->accumulate, i->relu, onednn_data(plan, i, DLA_ARG_DST), scratchpad);
  else if (i->pass == DLA_PASS_BACKWARD_DATA)
    dla_winograd_backward_data(&w, onednn_data(plan, i, DLA_ARG_DIFF_DST),
                               onednn_data(plan, i, DLA_ARG_WEIGHTS),
                               onednn_data(plan, i, DLA_ARG_DIFF_SRC), scratchpad);
  else
    dla_winograd_backward_weights(&w, onednn_data(plan, i, DLA_ARG_SRC),
                                  onednn_data(plan, i, DLA_ARG_DIFF_DST),
                                  onednn_data(plan, i, DLA_ARG_DIFF_WEIGHTS), scratchpad);
}
