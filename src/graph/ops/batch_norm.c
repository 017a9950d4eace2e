/* batch_norm: torch.nn.BatchNorm2d, with what the fusion passes append: a residual, then ReLU.
 * dst = relu(weight (src - mean) / sqrt(variance + eps) + bias + residual).
 *
 * The backward instruction reads the gradient of dst as up to three summands. So a tensor with
 * several consumers needs no extra pass over memory to add them. */
#include <string.h>

#include "graph/ops/ops.h"

static const dla_attribute_spec attributes[] = {
    [DLA_ATTR_EPS] = {"eps", 1e-5, 1e-12, 1, false},
    [DLA_ATTR_MOMENTUM] = {"momentum", 0.1, 0, 1, false},
    [DLA_ATTR_RELU] = {"relu", 0, 0, 1, true},
    {0},
};

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  char text[DLA_SHAPE_TEXT];
  if (src->rank != 3)
    return dla_fail(err, DLA_E_INPUT, node->name, NULL,
                    "batch_norm wants {channels, height, width}, but its source is %s",
                    dla_shape_text(src, text));
  *dst = *src;
  return DLA_OK;
}

static void parameters(dla_graph *graph, dla_node *node, const dla_shape *src)
{
  dla_shape channels = DLA_SHAPE1(src->dim[0]);
  node->parameter[0] = dla_add_trainable(graph, node, "weight", channels, 0, 1);
  node->parameter[1] = dla_add_trainable(graph, node, "bias", channels, 0, 0);
  node->parameter[2] = dla_add_state(graph, node, "running_mean", channels, 0);
  node->parameter[3] = dla_add_state(graph, node, "running_var", channels, 1);
}

static bool is_frozen(const dla_graph *graph, const dla_node *node)
{
  return !graph->parameter[node->parameter[0]].trainable;
}

/* A frozen batch norm uses the running statistics, as in evaluation, and does not change them. */
static void lower_statistics(dla_lowering *l, const dla_node *node, int *arg)
{
  int mean = dla_lower_parameter(l, node, 2, 0), variance = dla_lower_parameter(l, node, 3, 0);
  bool training = dla_lower_mode(l) == DLA_MODE_TRAINING;
  if (training && is_frozen(dla_lower_graph(l), node)) {
    arg[DLA_ARG_MEAN] = mean;
    arg[DLA_ARG_VARIANCE] = variance;
    return;
  }
  arg[DLA_ARG_RUNNING_MEAN] = mean;
  arg[DLA_ARG_RUNNING_VARIANCE] = variance;
  if (!training) return;
  dla_shape channels = dla_lower_program(l)->value[mean].shape;
  arg[DLA_ARG_MEAN] = dla_lower_value(l, DLA_VALUE_DATA, channels, node->name, ".mean");
  arg[DLA_ARG_VARIANCE] = dla_lower_value(l, DLA_VALUE_DATA, channels, node->name, ".variance");
}

static dla_status forward(dla_lowering *l, const dla_node *node)
{
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_FORWARD);
  int *arg = i->arg;
  arg[DLA_ARG_SRC] = dla_lower_tensor(l, node->input[0]);
  if (node->input_count > 1) arg[DLA_ARG_SRC_1] = dla_lower_tensor(l, node->input[1]);
  arg[DLA_ARG_WEIGHTS] = dla_lower_parameter(l, node, 0, 0);
  arg[DLA_ARG_BIAS] = dla_lower_parameter(l, node, 1, 0);
  lower_statistics(l, node, arg);
  arg[DLA_ARG_DST] = dla_lower_tensor(l, node->output);
  return DLA_OK;
}

/* PyTorch refuses it, too: "Expected more than 1 value per channel when training". */
dla_status dla_graph_check_batch(const dla_graph *graph, int64_t samples, dla_error *err)
{
  for (int i = 0; i < graph->node_count; i++) {
    const dla_node *node = &graph->node[i];
    if (node->dead || node->op->kind != DLA_OP_BATCH_NORM || is_frozen(graph, node)) continue;
    const dla_shape *plane = &graph->tensor[node->input[0]];
    if (samples * plane->dim[1] * plane->dim[2] > 1) continue;
    return dla_fail(
        err, DLA_E_INPUT, node->name,
        "choose another train.batch_size or dataset.train_limit: the last batch counts, too",
        "this batch_norm cannot be trained on a batch of one image: with a plane of 1x1 "
        "it has one value of each channel, and no variance");
  }
  return DLA_OK;
}

static dla_status backward(dla_lowering *l, const dla_node *node)
{
  int summands[3] = {-1, -1, -1};
  int count = dla_lower_gradients(l, node->output, summands, 3);
  bool relu = node->attr[DLA_ATTR_RELU] != 0, residual = node->input_count > 1;
  dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_BACKWARD);
  int *arg = i->arg;
  memcpy(arg, dla_lower_forward_of(l, node)->arg, sizeof i->arg);
  arg[DLA_ARG_RUNNING_MEAN] = arg[DLA_ARG_RUNNING_VARIANCE] = arg[DLA_ARG_SRC_1] = -1;
  /* Without a residual, ReLU's mask is computed again from src, which is read anyway. */
  if (!(relu && residual)) arg[DLA_ARG_DST] = -1;
  for (int k = 0; k < count; k++)
    arg[DLA_ARG_DIFF_DST + k] = summands[k];
  arg[DLA_ARG_DIFF_WEIGHTS] = dla_lower_parameter_gradient(l, node, 0, 0);
  arg[DLA_ARG_DIFF_BIAS] = dla_lower_parameter_gradient(l, node, 1, 0);
  arg[DLA_ARG_DIFF_SRC] = dla_lower_contribution(l, node->input[0]);
  if (residual && relu) arg[DLA_ARG_DIFF_SRC_1] = dla_lower_contribution(l, node->input[1]);
  /* Without ReLU the residual's gradient is the output's: nothing to compute. */
  for (int k = 0; residual && !relu && k < count; k++)
    dla_lower_contribute(l, node->input[1], summands[k]);
  return DLA_OK;
}

const dla_op dla_op_batch_norm = {"batch_norm", DLA_OP_BATCH_NORM, 1,       1,       attributes,
                                  infer,        parameters,        forward, backward};
