#include "kernels/winograd.h"

#include "backend/blocked/blocked.h"

static dla_winograd shape_of(const blocked_options *b, const dla_program *program,
                             const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  return (dla_winograd){.batch = g.batch,
                        .height = g.height,
                        .width = g.width,
                        .in = g.in,
                        .out = g.out,
                        .stride = (int)g.stride,
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
      backend_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC) == program->input)
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
