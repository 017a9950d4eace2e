/* The instructions that src/kernels executes: they move memory rather than compute. */
#include "backend/onednn/internal.h"
#include "kernels/kernels.h"

static const dla_value *value_of(const onednn_plan *plan, const dla_instruction *i, dla_arg arg)
{
  return dla_program_arg(plan->program, i, arg);
}

static dla_blocked blocked(const onednn_plan *plan, const dla_shape *shape)
{
  return (dla_blocked){.batch = shape->dim[0],
                       .channels = shape->dim[1],
                       .pixels = shape->rank == 4 ? shape->dim[2] * shape->dim[3] : 1,
                       .block = plan->backend->block};
}

void onednn_plan_vector(const onednn_plan *plan, dla_instruction *i)
{
  if (i->op != DLA_OP_BATCH_NORM) return;
  dla_blocked shape = blocked(plan, &value_of(plan, i, DLA_ARG_SRC)->shape);
  i->scratchpad_bytes = dla_batch_norm_scratchpad(&shape) * sizeof(float);
}

static void batch_norm(const onednn_plan *plan, const dla_instruction *i)
{
  const dla_batch_norm_args args = {
      .shape = blocked(plan, &value_of(plan, i, DLA_ARG_SRC)->shape),
      .eps = (float)i->attr[DLA_ATTR_EPS],
      .momentum = (float)i->attr[DLA_ATTR_MOMENTUM],
      .relu = i->attr[DLA_ATTR_RELU] != 0,
      .src = onednn_data(plan, i, DLA_ARG_SRC),
      .residual = onednn_data(plan, i, DLA_ARG_SRC_1),
      .weights = onednn_data(plan, i, DLA_ARG_WEIGHTS),
      .bias = onednn_data(plan, i, DLA_ARG_BIAS),
      .running_mean = onednn_data(plan, i, DLA_ARG_RUNNING_MEAN),
      .running_variance = onednn_data(plan, i, DLA_ARG_RUNNING_VARIANCE),
      .mean = onednn_data(plan, i, DLA_ARG_MEAN),
      .variance = onednn_data(plan, i, DLA_ARG_VARIANCE),
      .dst = onednn_data(plan, i, DLA_ARG_DST),
      .diff_dst = {onednn_data(plan, i, DLA_ARG_DIFF_DST), onednn_data(plan, i, DLA_ARG_DIFF_DST_1),
                   onednn_data(plan, i, DLA_ARG_DIFF_DST_2)},
      .diff_src = onednn_data(plan, i, DLA_ARG_DIFF_SRC),
      .diff_residual = onednn_data(plan, i, DLA_ARG_DIFF_SRC_1),
      .diff_weights = onednn_data(plan, i, DLA_ARG_DIFF_WEIGHTS),
      .diff_bias = onednn_data(plan, i, DLA_ARG_DIFF_BIAS),
      .scratchpad = onednn_data(plan, i, DLA_ARG_SCRATCHPAD),
      .dist = plan->program->sync_bn,
      .share = plan->program->share,
  };
  if (i->pass == DLA_PASS_BACKWARD)
    dla_batch_norm_backward(&args);
  else if (i->pass == DLA_PASS_RECOMPUTE)
    dla_batch_norm_recompute(&args);
  else if (plan->program->mode == DLA_MODE_TRAINING)
    dla_batch_norm_training(&args);
  else
    dla_batch_norm_inference(&args);
}

static void relu(const onednn_plan *plan, const dla_instruction *i)
{
  if (i->pass == DLA_PASS_FORWARD)
    dla_relu_kernel(onednn_data(plan, i, DLA_ARG_SRC), onednn_data(plan, i, DLA_ARG_DST),
                    value_of(plan, i, DLA_ARG_DST)->bytes / sizeof(float));
  else
    dla_relu_backward_kernel(onednn_data(plan, i, DLA_ARG_DST),
                             onednn_data(plan, i, DLA_ARG_DIFF_DST),
                             onednn_data(plan, i, DLA_ARG_DIFF_SRC),
                             value_of(plan, i, DLA_ARG_DST)->bytes / sizeof(float));
}

static void concat(const onednn_plan *plan, const dla_instruction *i)
{
  bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *slice = value_of(plan, i, forward ? DLA_ARG_DST : DLA_ARG_DIFF_DST);
  const dla_value *whole = &plan->program->value[slice->view_of];
  dla_blocked shape = blocked(plan, &slice->shape);
  if (forward)
    dla_slice_write(&shape, onednn_data(plan, i, DLA_ARG_SRC), whole->data, whole->shape.dim[1],
                    slice->view_channel);
  else
    dla_slice_read(&shape, whole->data, whole->shape.dim[1], slice->view_channel,
                   onednn_data(plan, i, DLA_ARG_DIFF_SRC));
}

static void softmax_cross_entropy(const onednn_plan *plan, const dla_instruction *i)
{
  const dla_value *logits = value_of(plan, i, DLA_ARG_SRC);
  const int32_t *labels = value_of(plan, i, DLA_ARG_LABELS)->data;
  if (i->pass == DLA_PASS_FORWARD)
    dla_softmax_cross_entropy(logits->data, labels, logits->shape.dim[0], logits->shape.dim[1],
                              onednn_data(plan, i, DLA_ARG_DST));
  else
    dla_softmax_cross_entropy_backward(
        logits->data, labels, logits->shape.dim[0], logits->shape.dim[1],
        dla_program_loss_divisor(plan->program), onednn_data(plan, i, DLA_ARG_DIFF_SRC));
}

static void sgd(const dla_program *program)
{
#pragma omp parallel
  for (int k = 0; k < program->update.count; k++) {
    dla_update_span span = dla_program_update_span(program, k);
    dla_sgd_kernel(&span, &program->update.sgd);
  }
}

void onednn_execute_vector(const onednn_plan *plan, const dla_instruction *i)
{
  switch (i->op) {
  case DLA_OP_BATCH_NORM:
    batch_norm(plan, i);
    break;
  case DLA_OP_RELU:
    relu(plan, i);
    break;
  case DLA_OP_CONCAT:
    concat(plan, i);
    break;
  case DLA_OP_SOFTMAX_CROSS_ENTROPY:
    softmax_cross_entropy(plan, i);
    break;
  case DLA_OP_ADD:
    dla_add_kernel(onednn_data(plan, i, DLA_ARG_SRC), onednn_data(plan, i, DLA_ARG_SRC_1),
                   onednn_data(plan, i, DLA_ARG_DST),
                   value_of(plan, i, DLA_ARG_DST)->bytes / sizeof(float));
    break;
  case DLA_OP_SGD:
    sgd(plan->program);
    break;
  default:
    break; /* those of plan_primitive.c */
  }
}
