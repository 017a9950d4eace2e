#include "backend/opencl/internal.h"

dla_status opencl_softmax_cross_entropy(const opencl_backend *b, const dla_program *program,
                                        const dla_instruction *i, dla_error *err)
{
  bool forward = i->pass == DLA_PASS_FORWARD;
  const dla_shape *logits = &dla_program_arg(program, i, DLA_ARG_SRC)->shape;
  opencl_launch l = opencl_begin(b, forward ? OPENCL_cross_entropy : OPENCL_cross_entropy_backward);
  opencl_int(&l, logits->dim[0]);
  opencl_int(&l, logits->dim[1]);
  opencl_float(&l, (float)i->attr[DLA_ATTR_LABEL_SMOOTHING]);
  opencl_float(&l, program->lambda);
  if (!forward) opencl_float(&l, dla_program_loss_divisor(program));
  opencl_value(&l, program, i, DLA_ARG_SRC);
  opencl_value(&l, program, i, DLA_ARG_LABELS);
  opencl_value(&l, program, i, DLA_ARG_PARTNERS);
  opencl_value(&l, program, i, forward ? DLA_ARG_DST : DLA_ARG_DIFF_SRC);
  return forward ? opencl_run_groups(&l, 1, err) : opencl_run(&l, logits->dim[0], err);
}
