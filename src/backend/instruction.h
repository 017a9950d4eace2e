/* Helpers for backends to read an instruction, the same for every pass. */
#ifndef DLA_BACKEND_INSTRUCTION_H
#define DLA_BACKEND_INSTRUCTION_H

#include "dla/program.h"

/* The data in a role; NULL: the instruction has none. */
static inline float *backend_data(const dla_program *program, const dla_instruction *i, dla_arg arg)
{
  const dla_value *value = dla_program_arg(program, i, arg);
  return value ? value->data : NULL;
}

/* The value in a role or, in the other passes, in its counterpart: src or diff_src. */
static inline int backend_either(const dla_instruction *i, dla_arg arg, dla_arg counterpart)
{
  return i->arg[i->arg[arg] >= 0 ? arg : counterpart];
}

/* The source, or the gradient that replaces it in a backward pass: src or diff_src. */
static inline const dla_value *backend_src(const dla_program *program, const dla_instruction *i)
{
  return &program->value[backend_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC)];
}

/* dst, or diff_dst. */
static inline const dla_value *backend_dst(const dla_program *program, const dla_instruction *i)
{
  return &program->value[backend_either(i, DLA_ARG_DST, DLA_ARG_DIFF_DST)];
}

/* The geometry of a convolution or a pool. */
typedef struct backend_geometry {
  int64_t batch, in, height, width;   /* of src */
  int64_t out, out_height, out_width; /* of dst */
  int64_t kernel, stride, padding;
  int64_t groups, dilation; /* of a convolution; 1 for a pool */
} backend_geometry;

static inline int64_t backend_groups(const dla_instruction *i)
{
  return i->op == DLA_OP_CONV2D && i->attr[DLA_ATTR_GROUPS] > 1 ? (int64_t)i->attr[DLA_ATTR_GROUPS]
                                                                : 1;
}

static inline int64_t backend_dilation(const dla_instruction *i)
{
  return i->op == DLA_OP_CONV2D ? (int64_t)i->attr[DLA_ATTR_DILATION] : 1;
}

static inline backend_geometry backend_geometry_of(const dla_program *program,
                                                   const dla_instruction *i)
{
  const dla_shape *src = &backend_src(program, i)->shape, *dst = &backend_dst(program, i)->shape;
  return (backend_geometry){
      .batch = src->dim[0],
      .in = src->dim[1],
      .height = src->dim[2],
      .width = src->dim[3],
      .out = dst->dim[1],
      .out_height = dst->dim[2],
      .out_width = dst->dim[3],
      .kernel = (int64_t)i->attr[DLA_ATTR_KERNEL],
      .stride = (int64_t)i->attr[DLA_ATTR_STRIDE],
      .padding = (int64_t)i->attr[DLA_ATTR_PADDING],
      .groups = backend_groups(i),
      .dilation = backend_dilation(i),
  };
}

#endif
