/* Instructions that run on BF16 images without conversion. */
#include "backend/blocked/blocked.h"

static bool windows_overlap(const dla_instruction *i)
{
  return i->attr[DLA_ATTR_STRIDE] < i->attr[DLA_ATTR_KERNEL] || i->attr[DLA_ATTR_PADDING] > 0;
}

bool blocked_takes_bf16(const blocked_options *b, const dla_program *program,
                        const dla_instruction *i)
{
  switch (i->op) {
  case DLA_OP_BATCH_NORM:
  case DLA_OP_RELU:
  case DLA_OP_ADD:
    return true;
  case DLA_OP_AVG_POOL:
  case DLA_OP_MAX_POOL:
    return !windows_overlap(i);
  case DLA_OP_CONV2D:
    return blocked_own_kernel(b, program, i) != BLOCKED_OTHERS;
  default:
    return false;
  }
}
