#include <stdio.h>

#include "dla/program.h"
#include "model/models.h"

typedef char layer_name[DLA_NAME_SIZE];

/* "<parent>.<child>" into name, which is returned. */
static const char *join(layer_name name, const char *parent, const char *child)
{
  snprintf(name, sizeof(layer_name), "%.*s.%.*s", DLA_NAME_SIZE / 2, parent, DLA_NAME_SIZE / 2 - 2,
           child);
  return name;
}

static int64_t channels(const dla_graph *g, dla_tensor x)
{
  return dla_graph_shape(g, x).dim[0];
}

/* Convolution and batch norm, named <parent>.<conv> and <parent>.<norm>. */
static dla_tensor conv_norm(dla_graph *g, const char *parent, const char *conv, const char *norm,
                            dla_tensor x, dla_conv2d_options options)
{
  layer_name name;
  x = dla_conv2d(g, join(name, parent, conv), x, options);
  return dla_batch_norm(g, join(name, parent, norm), x);
}

static dla_tensor stem(dla_graph *g, const char *name, dla_tensor x, int64_t out)
{
  layer_name relu;
  x = conv_norm(g, name, "0", "1", x,
                (dla_conv2d_options){.out_channels = out, .kernel = 3, .padding = 1});
  return dla_relu(g, join(relu, name, "2"), x);
}

static dla_tensor basic_block(dla_graph *g, const char *name, dla_tensor x, int64_t out,
                              int64_t stride)
{
  layer_name child;
  dla_tensor y = conv_norm(
      g, name, "conv1", "bn1", x,
      (dla_conv2d_options){.out_channels = out, .kernel = 3, .stride = stride, .padding = 1});
  y = dla_relu(g, join(child, name, "relu1"), y);
  y = conv_norm(g, name, "conv2", "bn2", y,
                (dla_conv2d_options){.out_channels = out, .kernel = 3, .padding = 1});
  dla_tensor shortcut = x;
  if (stride != 1 || channels(g, x) != out)
    shortcut = conv_norm(g, name, "shortcut.0", "shortcut.1", x,
                         (dla_conv2d_options){.out_channels = out, .kernel = 1, .stride = stride});
  y = dla_add(g, join(child, name, "add"), y, shortcut);
  return dla_relu(g, join(child, name, "relu2"), y);
}

static dla_tensor root(dla_graph *g, const char *name, dla_tensor left, dla_tensor right,
                       int64_t out)
{
  layer_name child;
  dla_tensor x = dla_concat(g, join(child, name, "concat"), (dla_tensor[]){left, right}, 2);
  x = conv_norm(g, name, "conv", "bn", x, (dla_conv2d_options){.out_channels = out, .kernel = 1});
  return dla_relu(g, join(child, name, "relu"), x);
}

/* Two subtrees one after the other, and a root that joins what both gave. */
static dla_tensor tree(dla_graph *g, const char *name, dla_tensor x, int64_t out, int level,
                       int64_t stride)
{
  layer_name child;
  dla_tensor left, right;
  if (level == 1) {
    left = basic_block(g, join(child, name, "left_tree"), x, out, stride);
    right = basic_block(g, join(child, name, "right_tree"), left, out, 1);
  } else {
    left = tree(g, join(child, name, "left_tree"), x, out, level - 1, stride);
    right = tree(g, join(child, name, "right_tree"), left, out, level - 1, 1);
  }
  return root(g, join(child, name, "root"), left, right, out);
}

dla_tensor dla_simple_dla(dla_graph *g, dla_tensor x, int64_t classes)
{
  x = stem(g, "base", x, 16);
  x = stem(g, "layer1", x, 16);
  x = stem(g, "layer2", x, 32);
  x = tree(g, "layer3", x, 64, 1, 1);
  x = tree(g, "layer4", x, 128, 2, 2);
  x = tree(g, "layer5", x, 256, 2, 2);
  x = tree(g, "layer6", x, 512, 1, 2);
  /* Over the whole image: of 32 pixels, 4 are left. */
  int64_t side = dla_graph_shape(g, x).rank == 3 ? dla_graph_shape(g, x).dim[1] : 1;
  x = dla_avg_pool(g, "avg_pool", x, side, side, 0);
  return dla_linear(g, "linear", x, classes, true);
}
