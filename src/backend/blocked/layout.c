#include "backend/blocked/blocked.h"

blocked_options blocked_options_of(const dla_backend_options *options)
{
  const dla_leaf_kernels *leaf = dla_leaf(options->isa, DLA_F32);
  return (blocked_options){.convolution = options->convolution,
                           .winograd_pixels = BLOCKED_WINOGRAD_PIXELS,
                           .isa = options->isa,
                           .leaf = leaf,
                           .half = dla_leaf(options->isa, DLA_BF16),
                           .block = leaf->block,
                           .team = options->team};
}

const dla_leaf_kernels *blocked_leaf(const blocked_options *b, const dla_program *program,
                                     const dla_instruction *i)
{
  const int src = backend_either(i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC); /* -1 for the update */
  return src >= 0 && program->value[src].dtype == DLA_BF16 ? b->half : b->leaf;
}

static bool is_folded(const dla_program *program, int value)
{
  for (int i = 0; i < program->instruction_count; i++) {
    if (program->instruction[i].pass != DLA_PASS_PREPARE) return false;
    if (program->instruction[i].arg[DLA_ARG_DST] == value) return true;
  }
  return false;
}

bool blocked_is_weights(const dla_program *program, int value)
{
  const dla_value *v = &program->value[value];
  return v->shape.rank == 4 && (v->parameter >= 0 || is_folded(program, value));
}

size_t blocked_channel_bytes(const dla_value *value, int block)
{
  return (size_t)(value->shape.dim[0] + block - 1) / (size_t)block * (size_t)block *
         dla_dtype_size(value->dtype);
}
