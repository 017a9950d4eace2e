/* concat: torch.cat(src, 1). The fold_concat pass removes it before a convolution. Elsewhere it
 * is one copy per source: forward into its channels of dst, backward out of them. */
#include "graph/ops/ops.h"

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  *dst = src[0];
  for (int i = 0; i < node->input_count; i++) {
    char a[DLA_SHAPE_TEXT], b[DLA_SHAPE_TEXT];
    if (src[i].rank != 3 || src[i].dim[1] != src[0].dim[1] || src[i].dim[2] != src[0].dim[2])
      return dla_fail(err, DLA_E_INPUT, node->name, NULL,
                      "concat wants images of one height and width, not %s and %s",
                      dla_shape_text(&src[0], a), dla_shape_text(&src[i], b));
    if (i) dst->dim[0] += src[i].dim[0];
  }
  return DLA_OK;
}

/* The channels of `whole` that start at `channel`, shaped like `part`. */
static int view(dla_lowering *l, const dla_node *node, int whole, int part, int64_t channel)
{
  dla_program *program = dla_lower_program(l);
  int value = dla_lower_value(l, program->value[whole].kind, program->value[part].shape, node->name,
                              ".slice");
  program->value[value].view_of = whole;
  program->value[value].view_channel = channel;
  return value;
}

static dla_status forward(dla_lowering *l, const dla_node *node)
{
  int dst = dla_lower_tensor(l, node->output);
  int64_t channel = 0;
  for (int k = 0; k < node->input_count; k++) {
    int src = dla_lower_tensor(l, node->input[k]);
    int slice = view(l, node, dst, src, channel);
    dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_FORWARD);
    i->arg[DLA_ARG_SRC] = src;
    i->arg[DLA_ARG_DST] = slice;
    channel += dla_graph_shape(dla_lower_graph(l), node->input[k]).dim[0];
  }
  return DLA_OK;
}

static dla_status backward(dla_lowering *l, const dla_node *node)
{
  int diff_dst = dla_lower_gradient(l, node->output);
  int64_t channel = 0;
  for (int k = 0; k < node->input_count; k++) {
    int diff_src = dla_lower_contribution(l, node->input[k]);
    if (diff_src >= 0) {
      int slice = view(l, node, diff_dst, diff_src, channel);
      dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_BACKWARD);
      i->arg[DLA_ARG_DIFF_DST] = slice;
      i->arg[DLA_ARG_DIFF_SRC] = diff_src;
    }
    channel += dla_graph_shape(dla_lower_graph(l), node->input[k]).dim[0];
  }
  return DLA_OK;
}

const dla_op dla_op_concat = {"concat", DLA_OP_CONCAT, 1,       DLA_MAX_INPUTS, NULL,
                              infer,    NULL,          forward, backward};
