/* relu: dst = max(src, 0). A relu after a batch_norm is fused into it instead. */
#include "graph/ops/ops.h"

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  (void)node, (void)err;
  *dst = *src;
  return DLA_OK;
}

static dla_status backward(dla_lowering *l, const dla_node *node)
{
  int dst = dla_lower_tensor(l, node->output);
  int diff_dst = dla_lower_gradient(l, node->output);
  int diff_src = dla_lower_contribution(l, node->input[0]);
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_BACKWARD);
  i->arg[DLA_ARG_DST] = dst; /* dst > 0 exactly where src > 0, and the next layer needs dst
                              * anyway */
  i->arg[DLA_ARG_DIFF_DST] = diff_dst;
  i->arg[DLA_ARG_DIFF_SRC] = diff_src;
  return DLA_OK;
}

const dla_op dla_op_relu = {"relu", DLA_OP_RELU,     1,       1, NULL, infer,
                            NULL,   dla_lower_unary, backward};
