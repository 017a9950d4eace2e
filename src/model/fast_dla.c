/* A narrow DLA network that learns quickly. Three stages; in each a convolution with a pool, a
 * residual block of two, and a root that joins both. What makes it quick is airbench94's
 * (https://arxiv.org/abs/2404.00498): the first layer whitens patches of 2x2 pixels, and the others
 * begin by handing their channels on. */
#include "model/blocks.h"

enum { STAGES = 3, WHITENED = 24 };

/* A convolution that begins as the identity, and its norm; with a pool between them if one is
 * named. */
static dla_tensor conv_norm(dla_graph *g, const char *stage, const char *names[3], dla_tensor x,
                            int64_t out, int64_t kernel)
{
  model_name name;
  x = dla_conv2d(g, model_join(name, stage, names[0]), x,
                 (dla_conv2d_options){
                     .out_channels = out, .kernel = kernel, .padding = kernel / 2, .dirac = true});
  if (names[1]) x = dla_max_pool(g, model_join(name, stage, names[1]), x, 2, 0, 0);
  return dla_batch_norm(g, model_join(name, stage, names[2]), x);
}

static dla_tensor root(dla_graph *g, const char *stage, dla_tensor block, dla_tensor before,
                       int64_t out)
{
  model_name name, child;
  model_join(name, stage, "root");
  const dla_tensor children[] = {block, before};
  dla_tensor x = dla_concat(g, model_join(child, name, "concat"), children, 2);
  x = conv_norm(g, name, (const char *[]){"conv", NULL, "norm"}, x, out, 1);
  return dla_relu(g, model_join(child, name, "act"), x);
}

static dla_tensor stage(dla_graph *g, const char *parent, dla_tensor x, int64_t out,
                        const dla_model_options *o)
{
  model_name name;
  x = conv_norm(g, parent, (const char *[]){"conv1", "pool", "norm1"}, x, out, 3);
  const dla_tensor before = x = dla_relu(g, model_join(name, parent, "act1"), x);
  x = conv_norm(g, parent, (const char *[]){"conv2", NULL, "norm2"}, x, out, 3);
  x = dla_relu(g, model_join(name, parent, "act2"), x);
  x = conv_norm(g, parent, (const char *[]){"conv3", NULL, "norm3"}, x, out, 3);
  x = model_drop_path(g, parent, x, o);
  x = dla_add(g, model_join(name, parent, "add"), x, before);
  x = dla_relu(g, model_join(name, parent, "act3"), x);
  return root(g, parent, x, before, out);
}

dla_tensor dla_model_fast(dla_graph *g, dla_tensor image, const dla_model_options *o)
{
  static const struct {
    const char *name;
    int64_t out;
  } stages[STAGES] = {{"stage1", 64}, {"stage2", 256}, {"stage3", 256}};
  dla_tensor x = dla_conv2d(
      g, "whiten", image,
      (dla_conv2d_options){
          .out_channels = model_widened(o, WHITENED), .kernel = 2, .bias = true, .whiten = true});
  x = dla_relu(g, "act", x);
  for (int i = 0; i < STAGES; i++)
    x = stage(g, stages[i].name, x, model_widened(o, stages[i].out), o);
  x = dla_max_pool(g, "pool", x, dla_graph_shape(g, x).dim[1], 0, 0);
  return dla_linear(g, "linear", x, o->classes, false);
}
