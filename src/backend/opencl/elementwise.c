/* The ops whose kernels are in kernels/elementwise.cl. */
#include "backend/opencl/internal.h"

dla_status opencl_add(const opencl_backend *b, const dla_program *program, const dla_instruction *i,
                      dla_error *err)
{
  int64_t count = dla_shape_count(&dla_program_arg(program, i, DLA_ARG_DST)->shape);
  opencl_launch l = opencl_begin(b, OPENCL_add);
  opencl_int(&l, count);
  opencl_value(&l, program, i, DLA_ARG_SRC);
  opencl_value(&l, program, i, DLA_ARG_SRC_1);
  opencl_value(&l, program, i, DLA_ARG_DST);
  return opencl_run(&l, count, err);
}

dla_status opencl_relu(const opencl_backend *b, const dla_program *program,
                       const dla_instruction *i, dla_error *err)
{
  bool forward = i->pass == DLA_PASS_FORWARD;
  int64_t count = dla_shape_count(&backend_dst(program, i)->shape);
  opencl_launch l = opencl_begin(b, forward ? OPENCL_relu : OPENCL_relu_backward);
  opencl_int(&l, count);
  if (forward) opencl_value(&l, program, i, DLA_ARG_SRC);
  opencl_value(&l, program, i, DLA_ARG_DST);
  if (!forward) {
    opencl_value(&l, program, i, DLA_ARG_DIFF_DST);
    opencl_value(&l, program, i, DLA_ARG_DIFF_SRC);
  }
  return opencl_run(&l, count, err);
}

dla_status opencl_dropout(const opencl_backend *b, const dla_program *program,
                          const dla_instruction *i, dla_error *err)
{
  const bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  const int64_t count = dla_shape_count(&src->shape);
  const dla_drop drop = dla_program_drop(program, i, 0);
  opencl_launch l = opencl_begin(b, OPENCL_dropout);
  opencl_int(&l, count);
  opencl_int(&l, count / src->shape.dim[0]);
  opencl_int(&l, i->op == DLA_OP_STOCHASTIC_DEPTH);
  for (int k = 0; k < 2; k++)
    opencl_int(&l, drop.random.key[k]);
  for (int k = 1; k < 4; k++)
    opencl_int(&l, drop.random.counter[k]);
  opencl_float(&l, drop.p);
  opencl_float(&l, drop.scale);
  opencl_address(&l, forward ? src->data : dst->data);
  opencl_address(&l, forward ? dst->data : src->data);
  return opencl_run(&l, count, err);
}

/* The view lies in its base value's memory. */
dla_status opencl_concat(const opencl_backend *b, const dla_program *program,
                         const dla_instruction *i, dla_error *err)
{
  bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_value *part = backend_src(program, i), *view = backend_dst(program, i);
  const dla_value *base = &program->value[view->view_of];
  int64_t count = dla_shape_count(&part->shape), pixels = part->shape.dim[2] * part->shape.dim[3];
  opencl_launch l = opencl_begin(b, OPENCL_concat_copy);
  opencl_int(&l, count);
  opencl_int(&l, part->shape.dim[1] * pixels);
  opencl_int(&l, base->shape.dim[1] * pixels);
  opencl_int(&l, view->view_channel * pixels);
  opencl_int(&l, forward);
  opencl_address(&l, forward ? part->data : base->data);
  opencl_address(&l, forward ? base->data : part->data);
  return opencl_run(&l, count, err);
}

dla_status opencl_convert(const opencl_backend *b, const dla_program *program,
                          const dla_instruction *i, dla_error *err)
{
  const dla_value *dst = dla_program_arg(program, i, DLA_ARG_DST);
  const int64_t count = dla_shape_count(&dst->shape);
  opencl_launch l = opencl_begin(b, dst->dtype == DLA_BF16 ? OPENCL_narrow : OPENCL_widen);
  opencl_int(&l, count);
  opencl_value(&l, program, i, DLA_ARG_SRC);
  opencl_value(&l, program, i, DLA_ARG_DST);
  return opencl_run(&l, count, err);
}

dla_status opencl_fold_batch_norm(const opencl_backend *b, const dla_program *program,
                                  const dla_instruction *i, dla_error *err)
{
  const dla_shape *shape = &dla_program_arg(program, i, DLA_ARG_DST)->shape;
  int64_t count = dla_shape_count(shape);
  bool bias = shape->rank == 1;
  opencl_launch l = opencl_begin(b, bias ? OPENCL_fold_bias : OPENCL_fold_weights);
  opencl_int(&l, count);
  if (!bias) opencl_int(&l, count / shape->dim[0]);
  opencl_float(&l, i->attr[DLA_ATTR_EPS]);
  opencl_value(&l, program, i, DLA_ARG_SRC);
  opencl_value(&l, program, i, DLA_ARG_WEIGHTS);
  if (bias) {
    opencl_value(&l, program, i, DLA_ARG_BIAS);
    opencl_value(&l, program, i, DLA_ARG_RUNNING_MEAN);
  }
  opencl_value(&l, program, i, DLA_ARG_RUNNING_VARIANCE);
  opencl_value(&l, program, i, DLA_ARG_DST);
  return opencl_run(&l, count, err);
}
