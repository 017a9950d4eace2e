#include "model/blocks.h"

#include <math.h>
#include <stdio.h>

const char *model_join(model_name name, const char *parent, const char *child)
{
  snprintf(name, sizeof(model_name), "%.*s.%.*s", DLA_NAME_SIZE / 2, parent, DLA_NAME_SIZE / 2 - 2,
           child);
  return name;
}

int64_t model_channels(const dla_graph *g, dla_tensor x)
{
  return dla_graph_shape(g, x).dim[0];
}

int64_t model_widened(const dla_model_options *options, int64_t published)
{
  int64_t channels = llround((double)published * options->width);
  return channels < 1 ? 1 : channels;
}

dla_tensor model_conv_norm(dla_graph *g, const char *parent, const char *conv, const char *norm,
                           dla_tensor x, dla_conv2d_options options)
{
  model_name name;
  x = dla_conv2d(g, model_join(name, parent, conv), x, options);
  return dla_batch_norm(g, model_join(name, parent, norm), x);
}

dla_tensor model_conv_norm_relu(dla_graph *g, const char *name, int first, dla_tensor x,
                                dla_conv2d_options options)
{
  char number[3][16];
  for (int k = 0; k < 3; k++)
    snprintf(number[k], sizeof number[k], "%d", first + k);
  x = model_conv_norm(g, name, number[0], number[1], x, options);
  model_name relu;
  return dla_relu(g, model_join(relu, name, number[2]), x);
}

dla_tensor model_drop_path(dla_graph *g, const char *block, dla_tensor x,
                           const dla_model_options *options)
{
  model_name name;
  if (options->drop_path <= 0) return x;
  return dla_stochastic_depth(g, model_join(name, block, "drop_path"), x, options->drop_path);
}

dla_tensor model_cifar_block(dla_graph *g, const char *name, dla_tensor x, int64_t out,
                             int64_t stride, const dla_model_options *options)
{
  model_name child;
  dla_tensor y = model_conv_norm(
      g, name, "conv1", "bn1", x,
      (dla_conv2d_options){.out_channels = out, .kernel = 3, .stride = stride, .padding = 1});
  y = dla_relu(g, model_join(child, name, "relu1"), y);
  y = model_conv_norm(g, name, "conv2", "bn2", y,
                      (dla_conv2d_options){.out_channels = out, .kernel = 3, .padding = 1});
  y = model_drop_path(g, name, y, options);
  dla_tensor shortcut = x;
  if (stride != 1 || model_channels(g, x) != out)
    shortcut =
        model_conv_norm(g, name, "shortcut.0", "shortcut.1", x,
                        (dla_conv2d_options){.out_channels = out, .kernel = 1, .stride = stride});
  y = dla_add(g, model_join(child, name, "add"), y, shortcut);
  return dla_relu(g, model_join(child, name, "relu2"), y);
}

dla_tensor model_cifar_root(dla_graph *g, const char *name, const dla_tensor *children, int count,
                            int64_t out)
{
  model_name child;
  dla_tensor x = dla_concat(g, model_join(child, name, "concat"), children, count);
  x = model_conv_norm(g, name, "conv", "bn", x,
                      (dla_conv2d_options){.out_channels = out, .kernel = 1});
  return dla_relu(g, model_join(child, name, "relu"), x);
}

dla_tensor model_global_pool(dla_graph *g, const char *name, dla_tensor x)
{
  const dla_shape shape = dla_graph_shape(g, x);
  int64_t side = shape.rank == 3 ? shape.dim[1] : 1; /* images are square */
  return dla_avg_pool(g, name, x, side, side, 0);
}
