/* dropout (torch.nn.Dropout) and stochastic_depth (torchvision.ops.StochasticDepth, mode "row"):
 * dst = src * mask, where the mask is 0 with probability p and else 1 / (1 - p), drawn for each
 * element or for each sample. The backward pass draws the same mask again. In evaluation dst is
 * src.
 *
 * Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (JMLR
 * 2014); Huang et al., "Deep networks with stochastic depth" (ECCV 2016). */
#include <math.h>

#include "graph/ops/ops.h"

static const dla_attribute_spec dropout_attributes[] = {
    [DLA_ATTR_P] = {"p", 0.5, 0, 1, false},
    {0},
};

static const dla_attribute_spec stochastic_depth_attributes[] = {
    [DLA_ATTR_P] = {"p", NAN, 0, 1, false},
    {0},
};

/* Gives every layer its own number, so that no two layers draw the same masks. */
static void number(dla_instruction *i, dla_lowering *l, const dla_node *node)
{
  i->attr[DLA_ATTR_LAYER] = (double)(node - dla_lower_graph(l)->node);
}

static dla_status forward(dla_lowering *l, const dla_node *node)
{
  number(dla_emit_unary(l, node), l, node);
  return DLA_OK;
}

static dla_status backward(dla_lowering *l, const dla_node *node)
{
  number(dla_emit_backward(l, node), l, node);
  return DLA_OK;
}

const dla_op dla_op_dropout = {.name = "dropout",
                               .kind = DLA_OP_DROPOUT,
                               .min_inputs = 1,
                               .max_inputs = 1,
                               .attributes = dropout_attributes,
                               .infer = dla_infer_same,
                               .forward = forward,
                               .backward = backward};

const dla_op dla_op_stochastic_depth = {.name = "stochastic_depth",
                                        .kind = DLA_OP_STOCHASTIC_DEPTH,
                                        .min_inputs = 1,
                                        .max_inputs = 1,
                                        .attributes = stochastic_depth_attributes,
                                        .infer = dla_infer_same,
                                        .forward = forward,
                                        .backward = backward};
