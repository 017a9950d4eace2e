#include "kernels/winograd.h"

#include "backend/blocked/blocked.h"

static int weights_of(const dla_instruction *i)
{
  return backend_either(i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS);
}

static int src_of(const dla_instruction *i)
{
  return backend_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC);
}

static dla_winograd shape_of(const blocked_options *b, const dla_program *program,
                             const dla_instruction *i)
{
  const dla_shape *src = &program->value[src_of(i)].shape;
  return (dla_winograd){.batch = src->dim[0],
                        .height = src->dim[2],
                        .width = src->dim[3],
                        .in = src->dim[1],
                        .out = program->value[weights_of(i)].shape.dim[0],
                        .stride = (int)i->attr[DLA_ATTR_STRIDE],
                        .block = b->block,
                        .threads = b->threads};
}

static dla_winograd_pass pass_of(const dla_instruction *i)
{
  return i->pass == DLA_PASS_FORWARD         ? DLA_WINOGRAD_FORWARD
         : i->pass == DLA_PASS_BACKWARD_DATA ? DLA_WINOGRAD_BACKWARD_DATA
                                             : DLA_WINOGRAD_BACKWARD_WEIGHTS;
}

bool blocked_winograd_fits(const blocked_options *b, const dla_program *program,
                           const dla_instruction *i)
{
  if (i->op != DLA_OP_CONV2D || i->attr[DLA_ATTR_KERNEL] != 3 || i->attr[DLA_ATTR_STRIDE] > 2 ||
      i->attr[DLA_ATTR_PADDING] != 1 || i->arg[DLA_ARG_DIFF_BIAS] >= 0 ||
      src_of(i) == program->input)
    return false;
  if (b->convolution == DLA_CONVOLUTION_WINOGRAD) return true;
  dla_winograd w = shape_of(b, program, i);
  return b->convolution == DLA_CONVOLUTION_AUTO && program->batch >= BLOCKED_WINOGRAD_BATCH &&
         dla_winograd_saves(&w);
}

size_t blocked_winograd_scratchpad(const blocked_options *b, const dla_program *program,
                                   const dla_instruction *i)
{
  dla_winograd w = shape_of(b, program, i);
  return dla_winograd_scratchpad(&w, pass_of(i));
}

void blocked_execute_winograd(const blocked_options *b, const dla_program *program,
                              const dla_instruction *i)
{
  dla_winograd w = shape_of(b, program, i);
  float *scratchpad = backend_data(program, i, DLA_ARG_SCRATCHPAD);
  if (i->pass == DLA_PASS_FORWARD)
    dla_winograd_forward(&w, backend_data(program, i, DLA_ARG_SRC),
                         backend_data(program, i, DLA_ARG_WEIGHTS),
                         backend_data(program, i, DLA_ARG_BIAS), i->accumulate, i->relu,
                         backend_data(program, i, DLA_ARG_DST), scratchpad);
  else if (i->pass == DLA_PASS_BACKWARD_DATA)
    dla_winograd_backward_data(&w, backend_data(program, i, DLA_ARG_DIFF_DST),
                               backend_data(program, i, DLA_ARG_WEIGHTS),
                               backend_data(program, i, DLA_ARG_DIFF_SRC), scratchpad);
  else
    dla_winograd_backward_weights(&w, backend_data(program, i, DLA_ARG_SRC),
                                  backend_data(program, i, DLA_ARG_DIFF_DST),
                                  backend_data(program, i, DLA_ARG_DIFF_WEIGHTS), scratchpad);
}
