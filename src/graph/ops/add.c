/* add: dst = src + src_1. Both sources' gradient is dst's, so its backward pass computes nothing.
 */
#include "graph/ops/ops.h"

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  char a[DLA_SHAPE_TEXT], b[DLA_SHAPE_TEXT];
  if (!dla_shape_equal(&src[0], &src[1]))
    return dla_fail(err, DLA_E_INPUT, node->name, NULL, "add wants two equal shapes, not %s and %s",
                    dla_shape_text(&src[0], a), dla_shape_text(&src[1], b));
  *dst = src[0];
  return DLA_OK;
}

static dla_status forward(dla_lowering *l, const dla_node *node)
{
  int a = dla_lower_tensor(l, node->input[0]), b = dla_lower_tensor(l, node->input[1]);
  int dst = dla_lower_tensor(l, node->output);
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_FORWARD);
  i->arg[DLA_ARG_SRC] = a;
  i->arg[DLA_ARG_SRC_1] = b;
  i->arg[DLA_ARG_DST] = dst;
  return DLA_OK;
}

static dla_status backward(dla_lowering *l, const dla_node *node)
{
  int diff_dst = dla_lower_gradient(l, node->output);
  for (int k = 0; k < 2; k++)
    dla_lower_contribute(l, node->input[k], diff_dst);
  return DLA_OK;
}

const dla_op dla_op_add = {"add", DLA_OP_ADD, 2, 2, NULL, infer, NULL, forward, backward};
