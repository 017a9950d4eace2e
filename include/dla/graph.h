/* A layer graph: tensors, and ops that make tensors from tensors. It describes one sample; the
 * batch appears when a graph becomes a program.
 *
 *   dla_graph *g = dla_graph_create();
 *   dla_tensor x = dla_input(g, 3, 32, 32);
 *   x = dla_conv2d(g, "base.0", x, (dla_conv2d_options){.out_channels = 16, .kernel = 3, .padding =
 * 1}); x = dla_relu(g, "base.2", dla_batch_norm(g, "base.1", x));
 *   ...
 *   status = dla_graph_finish(g, logits, err);
 *
 * The first failure (a shape that does not fit, no memory) is kept; every later call then returns
 * DLA_NO_TENSOR, and dla_graph_finish() reports it with the layer's name. So a model function needs
 * no checks of its own. */
#ifndef DLA_GRAPH_H
#define DLA_GRAPH_H

#include <stdio.h>

#include "dla/status.h"
#include "dla/tensor.h"

typedef struct dla_graph dla_graph;
typedef int dla_tensor; /* valid within its graph only */
#define DLA_NO_TENSOR (-1)

#define DLA_MAX_INPUTS 8 /* of one op */

dla_graph *dla_graph_create(void); /* NULL: out of memory */
void dla_graph_free(dla_graph *graph);

/* The image. A graph has one. */
dla_tensor dla_input(dla_graph *graph, int64_t channels, int64_t height, int64_t width);

/* Layers. `name` is the layer's name; parameters add ".weight" and so on to it. Use PyTorch's
 * names. Semantics and defaults are those of the torch.nn layer in brackets. */
typedef struct dla_conv2d_options {
  int64_t out_channels, kernel;
  int64_t stride; /* 0 means 1 */
  int64_t padding;
  int64_t groups;   /* 0 means 1 */
  int64_t dilation; /* 0 means 1 */
  bool bias;
  bool dirac;  /* [init.dirac_] the first filters begin by handing a channel on each */
  bool whiten; /* of the images only: filters that whiten them (docs/layer-graph.md) */
} dla_conv2d_options;

/* [Conv2d] src {C,H,W} -> {out_channels, (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1,
 * ...}
 */
dla_tensor dla_conv2d(dla_graph *graph, const char *name, dla_tensor src,
                      dla_conv2d_options options);
/* [BatchNorm2d] eps 1e-5, momentum 0.1; unbiased running variance. */
dla_tensor dla_batch_norm(dla_graph *graph, const char *name, dla_tensor src);
/* [ReLU] */
dla_tensor dla_relu(dla_graph *graph, const char *name, dla_tensor src);
/* [+] Both must have the same shape. */
dla_tensor dla_add(dla_graph *graph, const char *name, dla_tensor a, dla_tensor b);
/* [torch.cat(..., 1)] Channels of all sources, in order; at most DLA_MAX_INPUTS. */
dla_tensor dla_concat(dla_graph *graph, const char *name, const dla_tensor *src, int count);
/* [AvgPool2d, count_include_pad=True] [MaxPool2d]; stride 0 means kernel. */
dla_tensor dla_avg_pool(dla_graph *graph, const char *name, dla_tensor src, int64_t kernel,
                        int64_t stride, int64_t padding);
dla_tensor dla_max_pool(dla_graph *graph, const char *name, dla_tensor src, int64_t kernel,
                        int64_t stride, int64_t padding);
/* [Flatten + Linear] {C,H,W} or {features} -> {out_features} */
dla_tensor dla_linear(dla_graph *graph, const char *name, dla_tensor src, int64_t out_features,
                      bool bias);

/* [Dropout] [torchvision.ops.StochasticDepth, mode "row"] p is the probability of a drop. */
dla_tensor dla_dropout(dla_graph *graph, const char *name, dla_tensor src, double p);
dla_tensor dla_stochastic_depth(dla_graph *graph, const char *name, dla_tensor src, double p);

/* [Conv2d over its whole source, Flatten] Computes the same as dla_linear() with a bias, but the
 * weight has a convolution's shape {out_features, C, H, W}, as in timm's classifiers. */
dla_tensor dla_linear_as_conv2d(dla_graph *graph, const char *name, dla_tensor src,
                                int64_t out_features);

/* Any op by its name in the op table, with named attributes. The layer-graph file uses it.
 * Attributes that are not given take the op's default. */
typedef struct dla_attribute {
  const char *name;
  double value;
} dla_attribute;

dla_tensor dla_apply(dla_graph *graph, const char *op, const char *name, const dla_tensor *src,
                     int src_count, const dla_attribute *attributes, int attribute_count);

/* Declares logits {classes} as the output, adds the softmax cross-entropy loss, and checks the
 * graph. Reports the first failure of any earlier call. */
dla_status dla_graph_finish(dla_graph *graph, dla_tensor logits, dla_error *err);

/* [CrossEntropyLoss's label_smoothing] amount is 0 to 1. In training each sample's label counts
 * as 1 - amount of the label plus amount shared by all classes. Evaluation does not smooth. Needs
 * a finished graph. */
void dla_graph_smooth_labels(dla_graph *graph, double amount);

/* [CrossEntropyLoss with probabilities] In training each sample has two labels: its own and that
 * of the image mixed into it, with shares lambda and 1 - lambda (dla_batch_labels). Label
 * smoothing applies on top. Right predictions are those of the sample's own label. Evaluation has
 * one label. */
void dla_graph_mix_labels(dla_graph *graph);

/* timm's drop_path_rate: gives the stochastic_depth layers probabilities that rise linearly, in
 * their order, from 0 to p. A single layer gets 0. */
void dla_graph_spread_depth(dla_graph *graph, double p);

/* For a graph that only evaluates: turns off dropout and stochastic depth. */
void dla_graph_drop_nothing(dla_graph *graph);

/* Shape of a tensor, rank 0 for DLA_NO_TENSOR. */
dla_shape dla_graph_shape(const dla_graph *graph, dla_tensor tensor);

/* Trainable parameters (elements), as PyTorch counts them. */
int64_t dla_graph_parameter_count(const dla_graph *graph);

/* The input image, and the output. */
dla_tensor dla_graph_image(const dla_graph *graph);
dla_tensor dla_graph_logits(const dla_graph *graph);

/* The layers, in the order in which they were added: 0 to dla_graph_layer_count() - 1. */
typedef struct dla_layer_info {
  const char *name, *op; /* owned by the graph */
  const dla_tensor *src; /* owned by the graph */
  int src_count;
  dla_tensor dst;
  dla_shape output;   /* of dst */
  int64_t parameters; /* trainable ones */
  int64_t macs;       /* multiply-adds of the forward pass for one image, by definition */
} dla_layer_info;
int dla_graph_layer_count(const dla_graph *graph);
dla_layer_info dla_graph_layer(const dla_graph *graph, int index);
/* An attribute of a layer, given or default. NAN: the op has no such attribute. */
double dla_graph_layer_attribute(const dla_graph *graph, int index, const char *name);

/* Writes the graph in Graphviz's language. */
void dla_graph_dot(const dla_graph *graph, FILE *out);

#endif
