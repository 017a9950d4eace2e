/* pytorch-cifar's two networks for CIFAR. The root of a tree joins two subtrees (SimpleDLA), or
 * everything before it on its level (DLA). */
#include <stdio.h>

#include "model/blocks.h"

typedef dla_tensor tree_of(dla_graph *g, const char *name, dla_tensor x, int64_t out, int level,
                           int64_t stride, const dla_model_options *o);

/* Two subtrees in a row, and a root that joins their outputs. */
static dla_tensor simple_tree(dla_graph *g, const char *name, dla_tensor x, int64_t out, int level,
                              int64_t stride, const dla_model_options *o)
{
  model_name child;
  dla_tensor left, right;
  if (level == 1) {
    left = model_cifar_block(g, model_join(child, name, "left_tree"), x, out, stride, o);
    right = model_cifar_block(g, model_join(child, name, "right_tree"), left, out, 1, o);
  } else {
    left = simple_tree(g, model_join(child, name, "left_tree"), x, out, level - 1, stride, o);
    right = simple_tree(g, model_join(child, name, "right_tree"), left, out, level - 1, 1, o);
  }
  return model_cifar_root(g, model_join(child, name, "root"), (dla_tensor[]){left, right}, 2, out);
}

/* Subtrees of falling levels, then two blocks, all in a row. The root joins their outputs; above
 * the lowest level it also joins a block of the tree's own input. */
static dla_tensor tree(dla_graph *g, const char *name, dla_tensor x, int64_t out, int level,
                       int64_t stride, const dla_model_options *o)
{
  model_name child;
  char subtree[24];
  dla_tensor children[DLA_MAX_INPUTS];
  int count = level > 1; /* the first child is that block */
  const dla_tensor input = x;
  for (int i = level - 1; i > 0; i--) {
    snprintf(subtree, sizeof subtree, "level_%d", i);
    x = children[count++] = tree(g, model_join(child, name, subtree), x, out, i, stride, o);
  }
  if (level > 1)
    children[0] = model_cifar_block(g, model_join(child, name, "prev_root"), input, out, stride, o);
  x = children[count++] =
      model_cifar_block(g, model_join(child, name, "left_node"), x, out, level > 1 ? 1 : stride, o);
  children[count++] = model_cifar_block(g, model_join(child, name, "right_node"), x, out, 1, o);
  return model_cifar_root(g, model_join(child, name, "root"), children, count, out);
}

static dla_tensor build(dla_graph *g, dla_tensor x, tree_of *tree_of_level,
                        const dla_model_options *o)
{
  static const struct {
    const char *name;
    int64_t out, stride;
    int level; /* 0: one convolution */
  } parts[] = {{"base", 16, 1, 0},   {"layer1", 16, 1, 0},  {"layer2", 32, 1, 0},
               {"layer3", 64, 1, 1}, {"layer4", 128, 2, 2}, {"layer5", 256, 2, 2},
               {"layer6", 512, 2, 1}};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    int64_t out = model_widened(o, parts[i].out);
    x = parts[i].level ? tree_of_level(g, parts[i].name, x, out, parts[i].level, parts[i].stride, o)
                       : model_conv_norm_relu(
                             g, parts[i].name, 0, x,
                             (dla_conv2d_options){.out_channels = out, .kernel = 3, .padding = 1});
  }
  return dla_linear(g, "linear", model_global_pool(g, "avg_pool", x), o->classes, true);
}

dla_tensor dla_model_simple_dla(dla_graph *g, dla_tensor image, const dla_model_options *options)
{
  return build(g, image, simple_tree, options);
}

dla_tensor dla_model_dla(dla_graph *g, dla_tensor image, const dla_model_options *options)
{
  return build(g, image, tree, options);
}
