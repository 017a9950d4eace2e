#include <inttypes.h>
#include <stdio.h>

#include "graph/ops/ops.h"

dla_status dla_infer_same(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  (void)node, (void)err;
  *dst = *src;
  return DLA_OK;
}

dla_status dla_infer_window(const dla_node *node, const dla_shape *src, dla_shape *dst,
                            dla_error *err)
{
  char text[DLA_SHAPE_TEXT];
  if (src->rank != 3)
    return dla_fail(err, DLA_E_INPUT, node->name, NULL,
                    "%s wants {channels, height, width}, but its source is %s", node->op->name,
                    dla_shape_text(src, text));
  int64_t dilation = node->op->kind == DLA_OP_CONV2D ? (int64_t)node->attr[DLA_ATTR_DILATION] : 1;
  int64_t kernel = dilation * ((int64_t)node->attr[DLA_ATTR_KERNEL] - 1) + 1; /* from end to end */
  int64_t stride = (int64_t)node->attr[DLA_ATTR_STRIDE];
  int64_t padding = (int64_t)node->attr[DLA_ATTR_PADDING];
  *dst = *src;
  for (int i = 1; i < 3; i++) {
    int64_t room = src->dim[i] + 2 * padding - kernel;
    if (room < 0)
      return dla_fail(err, DLA_E_INPUT, node->name, NULL,
                      "a kernel of %" PRId64 " with padding %" PRId64
                      " is larger than its source %s",
                      kernel, padding, dla_shape_text(src, text));
    dst->dim[i] = room / stride + 1;
  }
  return DLA_OK;
}

static int add_parameter(dla_graph *graph, const dla_node *node, const char *suffix,
                         dla_parameter parameter)
{
  snprintf(parameter.name, sizeof parameter.name, "%.*s.%s", DLA_NAME_SIZE - 24, node->name,
           suffix);
  return dla_graph_add_parameter(graph, &parameter);
}

int dla_add_trainable(dla_graph *graph, const dla_node *node, const char *suffix, dla_shape shape,
                      int64_t fan_in, float initial)
{
  return add_parameter(
      graph, node, suffix,
      (dla_parameter){.shape = shape, .trainable = true, .fan_in = fan_in, .initial = initial});
}

int dla_add_state(dla_graph *graph, const dla_node *node, const char *suffix, dla_shape shape,
                  float initial)
{
  return add_parameter(graph, node, suffix, (dla_parameter){.shape = shape, .initial = initial});
}

dla_instruction *dla_emit_unary(dla_lowering *l, const dla_node *node)
{
  int src = dla_lower_tensor(l, node->input[0]);
  int dst = dla_lower_tensor(l, node->output);
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_FORWARD);
  i->arg[DLA_ARG_SRC] = src;
  i->arg[DLA_ARG_DST] = dst;
  return i;
}

dla_status dla_lower_unary(dla_lowering *l, const dla_node *node)
{
  dla_emit_unary(l, node);
  return DLA_OK;
}

dla_instruction *dla_emit_backward(dla_lowering *l, const dla_node *node)
{
  int diff_dst = dla_lower_gradient(l, node->output);
  int diff_src = dla_lower_contribution(l, node->input[0]);
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_BACKWARD);
  i->arg[DLA_ARG_DIFF_DST] = diff_dst;
  i->arg[DLA_ARG_DIFF_SRC] = diff_src;
  return i;
}

dla_status dla_lower_backward(dla_lowering *l, const dla_node *node)
{
  dla_emit_backward(l, node);
  return DLA_OK;
}

/* Weights first: then src dies before diff_src is born, which lowers peak memory. */
dla_status dla_lower_backward_weighted(dla_lowering *l, const dla_node *node)
{
  int diff_dst = dla_lower_gradient(l, node->output);
  for (int part = 0; part < node->input_count && dla_lower_trains(l, node); part++) {
    int src = dla_lower_tensor(l, node->input[part]);
    int diff_weights = dla_lower_parameter_gradient(l, node, 0, part);
    int diff_bias = part == 0 ? dla_lower_parameter_gradient(l, node, 1, 0) : -1;
    dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_BACKWARD_WEIGHTS);
    i->arg[DLA_ARG_SRC] = src;
    i->arg[DLA_ARG_DIFF_DST] = diff_dst;
    i->arg[DLA_ARG_DIFF_WEIGHTS] = diff_weights;
    i->arg[DLA_ARG_DIFF_BIAS] = diff_bias;
  }
  for (int part = 0; part < node->input_count; part++) {
    int diff_src = dla_lower_contribution(l, node->input[part]);
    if (diff_src < 0) continue;
    int weights = dla_lower_parameter(l, node, 0, part);
    dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_BACKWARD_DATA);
    i->arg[DLA_ARG_WEIGHTS] = weights;
    i->arg[DLA_ARG_DIFF_DST] = diff_dst;
    i->arg[DLA_ARG_DIFF_SRC] = diff_src;
  }
  return DLA_OK;
}
