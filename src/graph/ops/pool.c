/* avg_pool: torch.nn.AvgPool2d (padding counts); max_pool: torch.nn.MaxPool2d. */
#include <math.h>

#include "graph/ops/ops.h"

static const dla_attribute_spec attributes[] = {
    [DLA_ATTR_KERNEL] = {"kernel", NAN, 1, 4096, true},
    [DLA_ATTR_STRIDE] = {"stride", 0, 0, 4096, true}, /* 0: as kernel */
    [DLA_ATTR_PADDING] = {"padding", 0, 0, 2048, true},
    {0},
};

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  if (node->attr[DLA_ATTR_STRIDE] == 0) node->attr[DLA_ATTR_STRIDE] = node->attr[DLA_ATTR_KERNEL];
  /* PyTorch's condition: no window lies wholly in the padding. */
  if (2 * node->attr[DLA_ATTR_PADDING] > node->attr[DLA_ATTR_KERNEL])
    return dla_fail(err, DLA_E_INPUT, node->name, NULL,
                    "padding is %g, but must be at most half of the kernel, %g",
                    node->attr[DLA_ATTR_PADDING], node->attr[DLA_ATTR_KERNEL]);
  return dla_infer_window(node, src, dst, err);
}

static dla_status max_forward(dla_lowering *l, const dla_node *node)
{
  int kept = -1;
  if (dla_lower_mode(l) == DLA_MODE_TRAINING) {
    dla_shape shape = dla_graph_shape(dla_lower_graph(l), node->output);
    kept = dla_lower_value(l, DLA_VALUE_DATA, dla_shape_batched(&shape, dla_lower_batch(l)),
                           node->name, ".workspace");
  }
  dla_emit_unary(l, node)->arg[DLA_ARG_WORKSPACE] = kept;
  return DLA_OK;
}

static dla_status max_backward(dla_lowering *l, const dla_node *node)
{
  int kept = dla_lower_forward_of(l, node)->arg[DLA_ARG_WORKSPACE];
  dla_emit_backward(l, node)->arg[DLA_ARG_WORKSPACE] = kept;
  return DLA_OK;
}

const dla_op dla_op_avg_pool = {"avg_pool",      DLA_OP_AVG_POOL,   1, 1, attributes, infer, NULL,
                                dla_lower_unary, dla_lower_backward};
const dla_op dla_op_max_pool = {"max_pool", DLA_OP_MAX_POOL, 1,           1, attributes, infer,
                                NULL,       max_forward,     max_backward};
