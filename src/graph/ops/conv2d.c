/* conv2d: cross-correlation with zero padding, as torch.nn.Conv2d.
 *
 * Several sources stand for their concatenation along the channels (the fold_concat pass makes
 * such nodes). Each source has one instruction with its own part of the weights; all add up in
 * dst. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "graph/ops/ops.h"

static const dla_attribute_spec attributes[] = {
    [DLA_ATTR_KERNEL] = {"kernel", NAN, 1, 64, true},
    [DLA_ATTR_STRIDE] = {"stride", 1, 1, 64, true},
    [DLA_ATTR_PADDING] = {"padding", 0, 0, 64, true},
    [DLA_ATTR_OUT_CHANNELS] = {"out_channels", NAN, 1, 65536, true},
    [DLA_ATTR_CONV_BIAS] = {"bias", 0, 0, 1, true},
    [DLA_ATTR_GROUPS] = {"groups", 1, 1, 65536, true},
    [DLA_ATTR_DILATION] = {"dilation", 1, 1, 64, true},
    [DLA_ATTR_DIRAC] = {"dirac", 0, 0, 1, true},
    [DLA_ATTR_WHITEN] = {"whiten", 0, 0, 1, true},
    {0},
};

static dla_status infer(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err)
{
  dla_status status = dla_infer_window(node, &src[0], dst, err);
  if (status) return status;
  int64_t in = src[0].dim[0], out = (int64_t)node->attr[DLA_ATTR_OUT_CHANNELS];
  int64_t groups = (int64_t)node->attr[DLA_ATTR_GROUPS];
  dst->dim[0] = out;
  if (in % groups == 0 && out % groups == 0) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, node->name, NULL,
                  "%" PRId64 " groups must divide both its %" PRId64 " channels and the %" PRId64
                  " that come out",
                  groups, in, out);
}

static void parameters(dla_graph *graph, dla_node *node, const dla_shape *src)
{
  int64_t kernel = (int64_t)node->attr[DLA_ATTR_KERNEL];
  int64_t out = (int64_t)node->attr[DLA_ATTR_OUT_CHANNELS];
  int64_t in = src[0].dim[0] / (int64_t)node->attr[DLA_ATTR_GROUPS]; /* of a group */
  int64_t fan_in = in * kernel * kernel;
  node->parameter[0] =
      dla_add_trainable(graph, node, "weight", DLA_SHAPE4(out, in, kernel, kernel), fan_in, 0);
  if (node->parameter[0] >= 0) {
    graph->parameter[node->parameter[0]].dirac = node->attr[DLA_ATTR_DIRAC] != 0;
    graph->parameter[node->parameter[0]].whitens = node->attr[DLA_ATTR_WHITEN] != 0;
  }
  if (node->attr[DLA_ATTR_WHITEN] != 0 && (node->input[0] != graph->input || in != src[0].dim[0]))
    dla_fail(&graph->error, DLA_E_INPUT, node->name, "let it read the input, without groups",
             "whiten is for a convolution of the images");
  if (node->attr[DLA_ATTR_CONV_BIAS] != 0)
    node->parameter[1] = dla_add_trainable(graph, node, "bias", DLA_SHAPE1(out), fan_in, 0);
}

static dla_status forward(dla_lowering *l, const dla_node *node)
{
  int dst = dla_lower_tensor(l, node->output);
  for (int part = 0; part < node->input_count; part++) {
    int src = dla_lower_tensor(l, node->input[part]);
    int weights = dla_lower_parameter(l, node, 0, part);
    int bias = part == 0 ? dla_lower_parameter(l, node, 1, 0) : -1;
    dla_instruction *i = dla_lower_emit(l, node, DLA_PASS_FORWARD);
    i->accumulate = part > 0;
    i->arg[DLA_ARG_SRC] = src;
    i->arg[DLA_ARG_WEIGHTS] = weights;
    i->arg[DLA_ARG_BIAS] = bias;
    i->arg[DLA_ARG_DST] = dst;
  }
  return DLA_OK;
}

const dla_op dla_op_conv2d = {"conv2d",   DLA_OP_CONV2D, 1,
                              1,          attributes,    infer,
                              parameters, forward,       dla_lower_backward_weighted};
