/* Shared by the networks: names of layers, and layers that always come together. */
#ifndef DLA_MODEL_BLOCKS_H
#define DLA_MODEL_BLOCKS_H

#include "dla/graph.h"
#include "dla/program.h"
#include "model/models.h"

typedef char model_name[DLA_NAME_SIZE];

/* Writes "<parent>.<child>" into name and returns it. */
const char *model_join(model_name name, const char *parent, const char *child);

int64_t model_channels(const dla_graph *g, dla_tensor x);
/* The channels of a layer that has `published` channels at width 1. */
int64_t model_widened(const dla_model_options *options, int64_t published);

/* Convolution and batch norm, named <parent>.<conv> and <parent>.<norm>. */
dla_tensor model_conv_norm(dla_graph *g, const char *parent, const char *conv, const char *norm,
                           dla_tensor x, dla_conv2d_options options);
/* The same and a ReLU, as a torch.nn.Sequential: its parts are numbered from `first` on. */
dla_tensor model_conv_norm_relu(dla_graph *g, const char *name, int first, dla_tensor x,
                                dla_conv2d_options options);

/* Applies stochastic depth, if there is any, to a block's branch before it is added to the
 * shortcut. */
dla_tensor model_drop_path(dla_graph *g, const char *block, dla_tensor x,
                           const dla_model_options *options);

/* pytorch-cifar's BasicBlock: two 3x3 convolutions and a shortcut. The shortcut is a 1x1
 * convolution where the shape changes. */
dla_tensor model_cifar_block(dla_graph *g, const char *name, dla_tensor x, int64_t out,
                             int64_t stride, const dla_model_options *options);
/* pytorch-cifar's Root: concatenation, 1x1 convolution, batch norm, ReLU. */
dla_tensor model_cifar_root(dla_graph *g, const char *name, const dla_tensor *children, int count,
                            int64_t out);

/* The mean over each channel's plane: {channels, 1, 1}. */
dla_tensor model_global_pool(dla_graph *g, const char *name, dla_tensor x);

#endif
