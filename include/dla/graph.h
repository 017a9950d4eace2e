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

/* Layers. `name` is the layer's and, with ".weight" and so on behind it, its parameters': use
 * PyTorch's names. Semantics and defaults are those of the torch.nn layer named in brackets. */
typedef struct dla_conv2d_options {
  int64_t out_channels, kernel;
  int64_t stride; /* 0 means 1 */
  int64_t padding;
  int64_t groups;   /* 0 means 1 */
  int64_t dilation; /* 0 means 1 */
  bool bias;
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
/* [+] Both of one shape. */
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

/* [Dropout] [torchvision.ops.StochasticDepth, mode "row"] p is the probability to be dropped. */
dla_tensor dla_dropout(dla_graph *graph, const char *name, dla_tensor src, double p);
dla_tensor dla_stochastic_depth(dla_graph *graph, const char *name, dla_tensor src, double p);

/* [Conv2d over the whole of its source, Flatten] The same numbers as dla_linear() with a bias, but
 * the weight has a convolution's shape {out_features, C, H, W}, as timm's classifiers keep it. */
dla_tensor dla_linear_as_conv2d(dla_graph *graph, const char *name, dla_tensor src,
                                int64_t out_features);

/* Any op by its name in the op table, with its attributes by name: what the layer-graph file uses.
 * Attributes that are not given have the op's default. */
typedef struct dla_attribute {
  const char *name;
  double value;
} dla_attribute;

dla_tensor dla_apply(dla_graph *graph, const char *op, const char *name, const dla_tensor *src,
                     int src_count, const dla_attribute *attributes, int attribute_count);

/* Declares logits {classes} as what the network computes, adds the softmax cross-entropy loss, and
 * checks the whole. Reports the first failure of any call before. */
dla_status dla_graph_finish(dla_graph *graph, dla_tensor logits, dla_error *err);

/* [CrossEntropyLoss's label_smoothing] 0 to 1, of a finished graph's loss in training: each
 * sample's label counts as 1 - amount of it and amount of all classes alike. Evaluation is without.
 */
void dla_graph_smooth_labels(dla_graph *graph, double amount);

/* [CrossEntropyLoss of probabilities] The loss in training has two labels a sample: its own and
 * that of an image mixed into it, with shares of lambda and 1 - lambda (dla_batch_labels). Label
 * smoothing is on top. Right predictions are those of the first. Evaluation has one label. */
void dla_graph_mix_labels(dla_graph *graph);

/* Gives its stochastic_depth layers probabilities that rise linearly, in their order, from 0 to p:
 * timm's drop_path_rate. A single one has 0. */
void dla_graph_spread_depth(dla_graph *graph, double p);

/* Of a graph that will only evaluate: its layers drop nothing. */
void dla_graph_drop_nothing(dla_graph *graph);

/* Shape of a tensor, rank 0 for DLA_NO_TENSOR. */
dla_shape dla_graph_shape(const dla_graph *graph, dla_tensor tensor);

/* Trainable parameters (elements), as PyTorch counts them. */
int64_t dla_graph_parameter_count(const dla_graph *graph);

/* The image, and what the network computes of it. */
dla_tensor dla_graph_image(const dla_graph *graph);
dla_tensor dla_graph_logits(const dla_graph *graph);

/* Its layers, in the order in which they were added: 0 to dla_graph_layer_count() - 1. */
typedef struct dla_layer_info {
  const char *name, *op; /* the graph's */
  const dla_tensor *src; /* the graph's */
  int src_count;
  dla_tensor dst;
  dla_shape output;   /* of dst */
  int64_t parameters; /* trainable ones */
  int64_t macs;       /* multiply-adds of the forward pass for one image, by definition */
} dla_layer_info;
int dla_graph_layer_count(const dla_graph *graph);
dla_layer_info dla_graph_layer(const dla_graph *graph, int index);
/* What an attribute of a layer is, given or by default. NAN: its op has none of that name. */
double dla_graph_layer_attribute(const dla_graph *graph, int index, const char *name);

/* The graph in Graphviz's language. */
void dla_graph_dot(const dla_graph *graph, FILE *out);

#endif
