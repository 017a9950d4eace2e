/* linear: torch.nn.Flatten and torch.nn.Linear. dst = weight src + bias. src is flattened in the
 * order channel, row, column. */
#include <math.h>

#include "graph/ops/ops.h"

static const dla_attribute_spec attributes[] = {
    [DLA_ATTR_OUT_FEATURES] = {"out_features", NAN, 1, 65536, true},
    [DLA_ATTR_LINEAR_BIAS] = {"bias", 1, 0, 1, true},
    [DLA_ATTR_AS_CONV2D] = {"as_conv2d", 0, 0, 1, true},
    {0},
};

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  (void)src, (void)err;
  *dst = DLA_SHAPE1((int64_t)node->attr[DLA_ATTR_OUT_FEATURES]);
  return DLA_OK;
}

static void parameters(dla_graph *graph, dla_node *node, const dla_shape *src)
{
  int64_t in = dla_shape_count(src), out = (int64_t)node->attr[DLA_ATTR_OUT_FEATURES];
  node->parameter[0] = dla_add_trainable(graph, node, "weight", DLA_SHAPE2(out, in), in, 0);
  if (node->attr[DLA_ATTR_AS_CONV2D] != 0 && node->parameter[0] >= 0 && src->rank == 3)
    graph->parameter[node->parameter[0]].stored =
        DLA_SHAPE4(out, src->dim[0], src->dim[1], src->dim[2]);
  if (node->attr[DLA_ATTR_LINEAR_BIAS] != 0)
    node->parameter[1] = dla_add_trainable(graph, node, "bias", DLA_SHAPE1(out), in, 0);
}

static dla_status forward(dla_lowering *l, const dla_node *node)
{
  int weights = dla_lower_parameter(l, node, 0, 0), bias = dla_lower_parameter(l, node, 1, 0);
  dla_instruction *i = dla_emit_unary(l, node);
  i->arg[DLA_ARG_WEIGHTS] = weights;
  i->arg[DLA_ARG_BIAS] = bias;
  return DLA_OK;
}

const dla_op dla_op_linear = {"linear",   DLA_OP_LINEAR, 1,
                              1,          attributes,    infer,
                              parameters, forward,       dla_lower_backward_weighted};
