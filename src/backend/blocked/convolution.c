/* Convolutions by src/kernels: Winograd for 3x3, products of matrices for 1x1. */
#include <stdio.h>

#include "backend/blocked/blocked.h"
#include "kernels/pointwise.h"
#include "kernels/winograd.h"

static dla_winograd winograd_of(const blocked_options *b, const dla_program *program,
                                const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  return (dla_winograd){.leaf = blocked_leaf(b, program, i),
                        .batch = g.batch,
                        .height = g.height,
                        .width = g.width,
                        .in = g.in,
                        .out = g.out,
                        .stride = (int)g.stride,
                        .team = b->team};
}

static dla_pointwise pointwise_of(const blocked_options *b, const dla_program *program,
                                  const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  return (dla_pointwise){.leaf = blocked_leaf(b, program, i),
                         .window = blocked_window(&g),
                         .batch = g.batch,
                         .in = g.in,
                         .out = g.out,
                         .team = b->team};
}

int64_t blocked_pixels(const dla_program *program)
{
  const dla_shape *images = &program->value[program->input].shape;
  return images->dim[0] * images->dim[2] * images->dim[3];
}

static bool winograd_fits(const blocked_options *b, const dla_program *program,
                          const dla_instruction *i)
{
  if (i->attr[DLA_ATTR_KERNEL] != 3 || i->attr[DLA_ATTR_STRIDE] > 2 ||
      i->attr[DLA_ATTR_PADDING] != 1 || i->attr[DLA_ATTR_DILATION] != 1)
    return false;
  if (b->convolution == DLA_CONVOLUTION_WINOGRAD) return true;
  dla_winograd w = winograd_of(b, program, i);
  /* On BF16 images there is no other kernel to compare with. */
  const bool enough =
      backend_src(program, i)->dtype == DLA_BF16 || blocked_pixels(program) >= b->winograd_pixels;
  return b->convolution == DLA_CONVOLUTION_AUTO && enough && dla_winograd_saves(&w);
}

blocked_own blocked_own_kernel(const blocked_options *b, const dla_program *program,
                               const dla_instruction *i)
{
  if (i->op != DLA_OP_CONV2D || i->arg[DLA_ARG_DIFF_BIAS] >= 0 || backend_groups(i) > 1 ||
      backend_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC) == program->input)
    return BLOCKED_OTHERS;
  if (i->attr[DLA_ATTR_KERNEL] == 1 && i->attr[DLA_ATTR_PADDING] == 0) return BLOCKED_POINTWISE;
  return winograd_fits(b, program, i) ? BLOCKED_WINOGRAD : BLOCKED_OTHERS;
}

void blocked_own_name(const dla_leaf_kernels *leaf, blocked_own kernel, char name[BLOCKED_NAME])
{
  snprintf(name, BLOCKED_NAME, "%s:%s%s", kernel == BLOCKED_WINOGRAD ? "winograd" : "pointwise",
           leaf->name, leaf->element < sizeof(float) && leaf->deep == 1 ? ", bf16" : "");
}

static dla_winograd_pass pass_of(const dla_instruction *i)
{
  return i->pass == DLA_PASS_FORWARD         ? DLA_WINOGRAD_FORWARD
         : i->pass == DLA_PASS_BACKWARD_DATA ? DLA_WINOGRAD_BACKWARD_DATA
                                             : DLA_WINOGRAD_BACKWARD_WEIGHTS;
}

size_t blocked_own_scratchpad(const blocked_options *b, const dla_program *program,
                              const dla_instruction *i)
{
  if (blocked_own_kernel(b, program, i) == BLOCKED_WINOGRAD) {
    dla_winograd w = winograd_of(b, program, i);
    return dla_winograd_scratchpad(&w, pass_of(i));
  }
  dla_pointwise p = pointwise_of(b, program, i);
  return i->pass == DLA_PASS_BACKWARD_WEIGHTS ? dla_pointwise_weights_scratchpad(&p)
                                              : dla_pointwise_scratchpad(&p);
}

static void execute_winograd(const blocked_options *b, const dla_program *program,
                             const dla_instruction *i)
{
  dla_winograd w = winograd_of(b, program, i);
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

static void execute_pointwise(const blocked_options *b, const dla_program *program,
                              const dla_instruction *i)
{
  dla_pointwise p = pointwise_of(b, program, i);
  float *scratchpad = backend_data(program, i, DLA_ARG_SCRATCHPAD);
  if (i->pass == DLA_PASS_FORWARD)
    dla_pointwise_forward(&p, backend_data(program, i, DLA_ARG_SRC),
                          backend_data(program, i, DLA_ARG_WEIGHTS),
                          backend_data(program, i, DLA_ARG_BIAS), i->accumulate, i->relu,
                          backend_data(program, i, DLA_ARG_DST), scratchpad);
  else if (i->pass == DLA_PASS_BACKWARD_DATA)
    dla_pointwise_backward_data(&p, backend_data(program, i, DLA_ARG_DIFF_DST),
                                backend_data(program, i, DLA_ARG_WEIGHTS),
                                backend_data(program, i, DLA_ARG_DIFF_SRC), scratchpad);
  else
    dla_pointwise_backward_weights(&p, backend_data(program, i, DLA_ARG_SRC),
                                   backend_data(program, i, DLA_ARG_DIFF_DST),
                                   backend_data(program, i, DLA_ARG_DIFF_WEIGHTS), scratchpad);
}

void blocked_own_execute(const blocked_options *b, const dla_program *program,
                         const dla_instruction *i)
{
  if (blocked_own_kernel(b, program, i) == BLOCKED_WINOGRAD)
    execute_winograd(b, program, i);
  else
    execute_pointwise(b, program, i);
}
