/* softmax_cross_entropy: torch.nn.CrossEntropyLoss of the logits and the batch's labels, mean
 * over the batch. dla_graph_finish() appends it to every graph. The forward instruction also
 * counts the right predictions: loss is {mean loss, number right}. With mixed_labels a sample's
 * target is shared by two labels, like the class probabilities of torch's loss. */
#include "graph/ops/ops.h"

static const dla_attribute_spec attributes[] = {
    [DLA_ATTR_LABEL_SMOOTHING] = {"label_smoothing", 0, 0, 1, false},
    [DLA_ATTR_MIXED_LABELS] = {"mixed_labels", 0, 0, 1, true},
    {0},
};

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  char text[DLA_SHAPE_TEXT];
  if (src->rank != 1)
    return dla_fail(err, DLA_E_INPUT, node->name, "end the network with a linear layer",
                    "the logits must be {classes}, not %s", dla_shape_text(src, text));
  *dst = DLA_SHAPE1(2);
  return DLA_OK;
}

static dla_status forward(dla_lowering *l, const dla_node *node)
{
  dla_program *program = dla_lower_program(l);
  int logits = dla_lower_tensor(l, node->input[0]);
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_FORWARD);
  if (program->mode == DLA_MODE_INFERENCE)
    i->attr[DLA_ATTR_LABEL_SMOOTHING] = i->attr[DLA_ATTR_MIXED_LABELS] = 0;
  if (i->attr[DLA_ATTR_MIXED_LABELS] > 0)
    program->partners =
        dla_lower_value(l, DLA_VALUE_LABELS, DLA_SHAPE1(program->batch), "partners", "");
  i->arg[DLA_ARG_SRC] = logits;
  i->arg[DLA_ARG_PARTNERS] = program->partners;
  i->arg[DLA_ARG_LABELS] = program->labels;
  i->arg[DLA_ARG_DST] = program->loss;
  return DLA_OK;
}

static dla_status backward(dla_lowering *l, const dla_node *node)
{
  dla_program *program = dla_lower_program(l);
  int logits = dla_lower_tensor(l, node->input[0]);
  int diff_src = dla_lower_contribution(l, node->input[0]);
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_BACKWARD);
  i->arg[DLA_ARG_SRC] = logits;
  i->arg[DLA_ARG_LABELS] = program->labels;
  i->arg[DLA_ARG_PARTNERS] = program->partners;
  i->arg[DLA_ARG_DIFF_SRC] = diff_src;
  return DLA_OK;
}

const dla_op dla_op_softmax_cross_entropy = {"softmax_cross_entropy",
                                             DLA_OP_SOFTMAX_CROSS_ENTROPY,
                                             1,
                                             1,
                                             attributes,
                                             infer,
                                             NULL,
                                             forward,
                                             backward};
