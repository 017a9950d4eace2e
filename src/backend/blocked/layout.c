#include "backend/blocked/blocked.h"

blocked_options blocked_options_of(const dla_backend_options *options)
{
  const dla_leaf_kernels *leaf = dla_leaf(options->isa);
  return (blocked_options){.convolution = options->convolution,
                           .winograd_pixels = BLOCKED_WINOGRAD_PIXELS,
                           .isa = options->isa,
                           .leaf = leaf,
                           .block = leaf->block,
                           .team = options->team};
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
