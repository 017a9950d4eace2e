/* relu: dst = max(src, 0). A relu after a batch_norm is fused into it instead. */
#include "graph/ops/ops.h"

static dla_status backward(dla_lowering *l, const dla_node *node)
{
  /* dst > 0 exactly where src > 0, and the next layer needs dst anyway. */
  int dst = dla_lower_tensor(l, node->output);
  dla_emit_backward(l, node)->arg[DLA_ARG_DST] = dst;
  return DLA_OK;
}

const dla_op dla_op_relu = {"relu", DLA_OP_RELU,     1,       1, NULL, dla_infer_same,
                            NULL,   dla_lower_unary, backward};
