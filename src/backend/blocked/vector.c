#include "backend/blocked/blocked.h"
#include "kernels/kernels.h"

static dla_blocked blocked(const blocked_options *b, const dla_shape *shape)
{
  return (dla_blocked){.batch = shape->dim[0],
                       .channels = shape->dim[1],
                       .pixels = shape->rank == 4 ? shape->dim[2] * shape->dim[3] : 1,
                       .block = b->block};
}

/* Numbers of dst, or of diff_dst: padding included. */
static size_t numbers_of(const dla_program *program, const dla_instruction *i)
{
  const dla_value *dst = backend_dst(program, i);
  return dst->bytes / dla_dtype_size(dst->dtype);
}

static void batch_norm(const blocked_options *b, const dla_program *program,
                       const dla_instruction *i)
{
  const dla_batch_norm_args args = {
      .team = b->team,
      .leaf = blocked_leaf(b, program, i),
      .shape = blocked(b, &dla_program_arg(program, i, DLA_ARG_SRC)->shape),
      .eps = (float)i->attr[DLA_ATTR_EPS],
      .momentum = (float)i->attr[DLA_ATTR_MOMENTUM],
      .relu = i->attr[DLA_ATTR_RELU] != 0,
      .src = backend_data(program, i, DLA_ARG_SRC),
      .residual = backend_data(program, i, DLA_ARG_SRC_1),
      .weights = backend_data(program, i, DLA_ARG_WEIGHTS),
      .bias = backend_data(program, i, DLA_ARG_BIAS),
      .running_mean = backend_data(program, i, DLA_ARG_RUNNING_MEAN),
      .running_variance = backend_data(program, i, DLA_ARG_RUNNING_VARIANCE),
      .mean = backend_data(program, i, DLA_ARG_MEAN),
      .variance = backend_data(program, i, DLA_ARG_VARIANCE),
      .dst = backend_data(program, i, DLA_ARG_DST),
      .diff_dst = {backend_data(program, i, DLA_ARG_DIFF_DST),
                   backend_data(program, i, DLA_ARG_DIFF_DST_1),
                   backend_data(program, i, DLA_ARG_DIFF_DST_2)},
      .diff_src = backend_data(program, i, DLA_ARG_DIFF_SRC),
      .diff_residual = backend_data(program, i, DLA_ARG_DIFF_SRC_1),
      .diff_weights = backend_data(program, i, DLA_ARG_DIFF_WEIGHTS),
      .diff_bias = backend_data(program, i, DLA_ARG_DIFF_BIAS),
      .scratchpad = backend_data(program, i, DLA_ARG_SCRATCHPAD),
      .dist = program->sync_bn,
      .share = program->share,
  };
  if (i->pass == DLA_PASS_BACKWARD)
    dla_batch_norm_backward(&args);
  else if (i->pass == DLA_PASS_RECOMPUTE || !args.running_mean)
    dla_batch_norm_recompute(&args);
  else if (program->mode == DLA_MODE_TRAINING)
    dla_batch_norm_training(&args);
  else
    dla_batch_norm_inference(&args);
}

static void relu(const blocked_options *b, const dla_program *program, const dla_instruction *i)
{
  const dla_leaf_kernels *leaf = blocked_leaf(b, program, i);
  if (i->pass == DLA_PASS_FORWARD)
    dla_relu_kernel(b->team, leaf, backend_data(program, i, DLA_ARG_SRC),
                    backend_data(program, i, DLA_ARG_DST), numbers_of(program, i));
  else
    dla_relu_backward_kernel(b->team, leaf, backend_data(program, i, DLA_ARG_DST),
                             backend_data(program, i, DLA_ARG_DIFF_DST),
                             backend_data(program, i, DLA_ARG_DIFF_SRC), numbers_of(program, i));
}

static void add(const blocked_options *b, const dla_program *program, const dla_instruction *i)
{
  dla_add_kernel(b->team, blocked_leaf(b, program, i), backend_data(program, i, DLA_ARG_SRC),
                 backend_data(program, i, DLA_ARG_SRC_1), backend_data(program, i, DLA_ARG_DST),
                 numbers_of(program, i));
}

/* Values that are not images are plain arrays. */
static void dropout(const blocked_options *b, const dla_program *program, const dla_instruction *i)
{
  const bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  dla_blocked shape = blocked(b, &src->shape);
  if (src->shape.rank != 4)
    shape =
        (dla_blocked){.batch = shape.batch, .channels = 1, .pixels = shape.channels, .block = 1};
  dla_dropout_kernel(b->team, program, i, &shape, forward ? src->data : dst->data,
                     forward ? dst->data : src->data);
}

static void pool(const blocked_options *b, const dla_program *program, const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  const dla_window w = blocked_window(&g);
  const dla_leaf_kernels *leaf = blocked_leaf(b, program, i);
  int64_t planes = g.batch * ((g.in + b->block - 1) / b->block);
  const dla_value *workspace = dla_program_arg(program, i, DLA_ARG_WORKSPACE);
  int32_t *where = workspace ? workspace->data : NULL;
  bool forward = i->pass == DLA_PASS_FORWARD;
  if (i->op == DLA_OP_AVG_POOL && forward)
    dla_avg_pool_kernel(b->team, leaf, &w, planes, src->data, dst->data);
  else if (i->op == DLA_OP_AVG_POOL)
    dla_avg_pool_backward_kernel(b->team, leaf, &w, planes, dst->data, src->data);
  else if (forward)
    dla_max_pool_kernel(b->team, leaf, &w, planes, src->data, dst->data, where);
  else
    dla_max_pool_backward_kernel(b->team, leaf, &w, planes, dst->data, where, src->data);
}

static void concat(const blocked_options *b, const dla_program *program, const dla_instruction *i)
{
  bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *slice = dla_program_arg(program, i, forward ? DLA_ARG_DST : DLA_ARG_DIFF_DST);
  const dla_value *whole = &program->value[slice->view_of];
  dla_blocked shape = blocked(b, &slice->shape);
  if (forward)
    dla_slice_write(b->team, &shape, backend_data(program, i, DLA_ARG_SRC), whole->data,
                    whole->shape.dim[1], slice->view_channel);
  else
    dla_slice_read(b->team, &shape, whole->data, whole->shape.dim[1], slice->view_channel,
                   backend_data(program, i, DLA_ARG_DIFF_SRC));
}

static void convert(const blocked_options *b, const dla_program *program, const dla_instruction *i)
{
  const dla_value *src = dla_program_arg(program, i, DLA_ARG_SRC);
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  const size_t count = numbers_of(program, i);
  if (dst->dtype == DLA_BF16)
    dla_narrow_kernel(b->team, b->leaf, src->data, dst->data, count);
  else
    dla_widen_kernel(b->team, b->leaf, src->data, dst->data, count);
}

static void softmax_cross_entropy(const blocked_options *b, const dla_program *program,
                                  const dla_instruction *i)
{
  (void)b;
  const dla_value *logits = dla_program_arg(program, i, DLA_ARG_SRC);
  const dla_value *partners = dla_program_arg(program, i, DLA_ARG_PARTNERS);
  const dla_targets targets = {.labels = dla_program_arg(program, i, DLA_ARG_LABELS)->data,
                               .partners = partners ? partners->data : NULL,
                               .lambda = program->lambda,
                               .batch = logits->shape.dim[0],
                               .classes = logits->shape.dim[1],
                               .smoothing = i->attr[DLA_ATTR_LABEL_SMOOTHING]};
  if (i->pass == DLA_PASS_FORWARD)
    dla_softmax_cross_entropy(logits->data, &targets, backend_data(program, i, DLA_ARG_DST));
  else
    dla_softmax_cross_entropy_backward(logits->data, &targets, dla_program_loss_divisor(program),
                                       backend_data(program, i, DLA_ARG_DIFF_SRC));
}

static void clip_grad_norm(const blocked_options *b, const dla_program *program,
                           const dla_instruction *i)
{
  *backend_data(program, i, DLA_ARG_DST) =
      dla_clip_gradients(b->team, b->leaf, program, i->attr[DLA_ATTR_MAX_NORM]);
}

static void update(const blocked_options *b, const dla_program *program, const dla_instruction *i)
{
  (void)i;
  dla_update_parameters(b->team, b->isa, program);
}

typedef void vector_op(const blocked_options *b, const dla_program *program,
                       const dla_instruction *i);

static vector_op *const ops[DLA_OP_COUNT] = {
    [DLA_OP_BATCH_NORM] = batch_norm,
    [DLA_OP_RELU] = relu,
    [DLA_OP_ADD] = add,
    [DLA_OP_CONCAT] = concat,
    [DLA_OP_AVG_POOL] = pool,
    [DLA_OP_MAX_POOL] = pool,
    [DLA_OP_DROPOUT] = dropout,
    [DLA_OP_STOCHASTIC_DEPTH] = dropout,
    [DLA_OP_SOFTMAX_CROSS_ENTROPY] = softmax_cross_entropy,
    [DLA_OP_CLIP_GRAD_NORM] = clip_grad_norm,
    [DLA_OP_UPDATE] = update,
    [DLA_OP_CONVERT] = convert,
};

dla_status blocked_plan_vector(const blocked_options *b, const dla_program *program,
                               dla_instruction *i, dla_error *err)
{
  if ((unsigned)i->op >= DLA_OP_COUNT || !ops[i->op])
    return dla_fail(err, DLA_E_UNSUPPORTED, i->name, "try backend.name=reference",
                    "this backend has no %s", dla_op_name(i->op));
  if (i->op == DLA_OP_BATCH_NORM) {
    dla_blocked shape = blocked(b, &dla_program_arg(program, i, DLA_ARG_SRC)->shape);
    i->scratchpad_bytes = dla_batch_norm_scratchpad(&shape) * sizeof(float);
  }
  return DLA_OK;
}

void blocked_execute_vector(const blocked_options *b, const dla_program *program,
                            const dla_instruction *i)
{
  if (ops[i->op]) ops[i->op](b, program, i); /* the others are executed elsewhere */
}
