/* The ImageNet networks of "Deep Layer Aggregation" (Yu, Wang, Shelhamer and Darrell, 2018, arXiv
 * 1707.06484). They have the names of the authors' code and of timm, so that their files load.
 *
 * A level is a tree of blocks. A tree of depth 1 is two blocks and a root. The root joins the
 * blocks and what the trees above hand down: the outputs of their first halves, and from level 3 on
 * the level's own input, halved in size. */
#include <stdio.h>
#include <string.h>

#include "model/blocks.h"

enum { LEVELS = 6 };

typedef dla_tensor block_of(dla_graph *g, const char *name, dla_tensor x, dla_tensor shortcut,
                            int64_t out, int64_t stride, const dla_imagenet *net,
                            const dla_model_options *o);

struct dla_imagenet {
  const char *name;
  int depth[LEVELS]; /* levels 0 and 1: the number of convolutions; others: the depth of the tree */
  int channels[LEVELS];
  block_of *block;
  int cardinality, base_width; /* for bottlenecks: groups, and channels of a group for 64 of the
                                * block */
  bool root_shortcut;
};

/* ---- Blocks ---- */

static dla_tensor join_shortcut(dla_graph *g, const char *name, dla_tensor x, dla_tensor shortcut,
                                const dla_model_options *o)
{
  model_name child;
  x = model_drop_path(g, name, x, o);
  x = dla_add(g, model_join(child, name, "add"), x, shortcut);
  return dla_relu(g, model_join(child, name, "relu"), x);
}

static dla_tensor basic(dla_graph *g, const char *name, dla_tensor x, dla_tensor shortcut,
                        int64_t out, int64_t stride, const dla_imagenet *net,
                        const dla_model_options *o)
{
  (void)net;
  model_name child;
  x = model_conv_norm(
      g, name, "conv1", "bn1", x,
      (dla_conv2d_options){.out_channels = out, .kernel = 3, .stride = stride, .padding = 1});
  x = dla_relu(g, model_join(child, name, "relu1"), x);
  x = model_conv_norm(g, name, "conv2", "bn2", x,
                      (dla_conv2d_options){.out_channels = out, .kernel = 3, .padding = 1});
  return join_shortcut(g, name, x, shortcut, o);
}

/* Convolutions: 1x1, 3x3 in groups, 1x1. */
static dla_tensor bottleneck(dla_graph *g, const char *name, dla_tensor x, dla_tensor shortcut,
                             int64_t out, int64_t stride, const dla_imagenet *net,
                             const dla_model_options *o)
{
  model_name child;
  const int64_t inner = out * net->base_width / 64 * net->cardinality / 2;
  x = model_conv_norm(g, name, "conv1", "bn1", x,
                      (dla_conv2d_options){.out_channels = inner, .kernel = 1});
  x = dla_relu(g, model_join(child, name, "relu1"), x);
  x = model_conv_norm(g, name, "conv2", "bn2", x,
                      (dla_conv2d_options){.out_channels = inner,
                                           .kernel = 3,
                                           .stride = stride,
                                           .padding = 1,
                                           .groups = net->cardinality});
  x = dla_relu(g, model_join(child, name, "relu2"), x);
  x = model_conv_norm(g, name, "conv3", "bn3", x,
                      (dla_conv2d_options){.out_channels = out, .kernel = 1});
  return join_shortcut(g, name, x, shortcut, o);
}

/* ---- Trees ---- */

typedef struct tree {
  dla_graph *g;
  const dla_imagenet *net;
  const dla_model_options *options;
  int64_t out;
  dla_tensor child[DLA_MAX_INPUTS - 2]; /* what the last root joins besides its two blocks: one for
                                         * each depth, and the level's input */
  int count;
} tree;

static dla_tensor root(tree *t, const char *name, dla_tensor second, dla_tensor first)
{
  model_name layer;
  dla_tensor all[DLA_MAX_INPUTS] = {second, first};
  int count = 2;
  for (int i = 0; i < t->count; i++)
    all[count++] = t->child[i];
  dla_tensor x = dla_concat(t->g, model_join(layer, name, "concat"), all, count);
  x = model_conv_norm(t->g, name, "conv", "bn", x,
                      (dla_conv2d_options){.out_channels = t->out, .kernel = 1});
  if (t->net->root_shortcut) x = dla_add(t->g, model_join(layer, name, "add"), x, second);
  return dla_relu(t->g, model_join(layer, name, "relu"), x);
}

/* Two blocks and a root. `small` is x in the size of the output. */
static dla_tensor lowest(tree *t, const char *name, dla_tensor x, dla_tensor small, int64_t stride)
{
  model_name child;
  dla_tensor shortcut = small;
  if (model_channels(t->g, x) != t->out)
    shortcut = model_conv_norm(t->g, name, "project.0", "project.1", small,
                               (dla_conv2d_options){.out_channels = t->out, .kernel = 1});
  dla_tensor first = t->net->block(t->g, model_join(child, name, "tree1"), x, shortcut, t->out,
                                   stride, t->net, t->options);
  dla_tensor second = t->net->block(t->g, model_join(child, name, "tree2"), first, first, t->out, 1,
                                    t->net, t->options);
  return root(t, model_join(child, name, "root"), second, first);
}

/* The first half ends in its own root, which gets nothing from above. The last root of the second
 * half also gets the first half's output. */
static dla_tensor halves(tree *t, const char *name, dla_tensor x, dla_tensor small, int depth,
                         int64_t stride)
{
  if (depth == 1) return lowest(t, name, x, small, stride);
  model_name child;
  tree apart = {.g = t->g, .net = t->net, .options = t->options, .out = t->out};
  x = halves(&apart, model_join(child, name, "tree1"), x, small, depth - 1, stride);
  t->child[t->count++] = x;
  return halves(t, model_join(child, name, "tree2"), x, x, depth - 1, 1);
}

/* ---- The network ---- */

static dla_tensor level(dla_graph *g, dla_tensor x, const dla_imagenet *net, int number,
                        const dla_model_options *o)
{
  char name[24];
  snprintf(name, sizeof name, "level%d", number);
  const int64_t stride = number == 0 ? 1 : 2, out = model_widened(o, net->channels[number]);
  if (number > 1) {
    model_name pool;
    tree t = {.g = g, .net = net, .options = o, .out = out};
    dla_tensor small = dla_max_pool(g, model_join(pool, name, "downsample"), x, 2, 2, 0);
    if (number > 2) t.child[t.count++] = small;
    return halves(&t, name, x, small, net->depth[number], stride);
  }
  for (int i = 0; i < net->depth[number]; i++)
    x = model_conv_norm_relu(
        g, name, 3 * i, x,
        (dla_conv2d_options){
            .out_channels = out, .kernel = 3, .stride = i ? 1 : stride, .padding = 1});
  return x;
}

dla_tensor dla_model_imagenet(dla_graph *g, dla_tensor x, const dla_imagenet *net,
                              const dla_model_options *o)
{
  x = model_conv_norm_relu(g, "base_layer", 0, x,
                           (dla_conv2d_options){.out_channels = model_widened(o, net->channels[0]),
                                                .kernel = 7,
                                                .padding = 3});
  for (int i = 0; i < LEVELS; i++)
    x = level(g, x, net, i, o);
  return dla_linear_as_conv2d(g, "fc", model_global_pool(g, "global_pool", x), o->classes);
}

/* ---- The family ---- */

#define NARROW                                                                                     \
  {                                                                                                \
    16, 32, 64, 64, 128, 256                                                                       \
  }
#define MIDDLE                                                                                     \
  {                                                                                                \
    16, 32, 64, 128, 256, 512                                                                      \
  }
#define WIDE                                                                                       \
  {                                                                                                \
    16, 32, 128, 256, 512, 1024                                                                    \
  }

static const dla_imagenet family[] = {
    {"dla34", {1, 1, 1, 2, 2, 1}, MIDDLE, basic, 1, 64, false},
    {"dla46_c", {1, 1, 1, 2, 2, 1}, NARROW, bottleneck, 1, 64, false},
    {"dla46x_c", {1, 1, 1, 2, 2, 1}, NARROW, bottleneck, 32, 4, false},
    {"dla60", {1, 1, 1, 2, 3, 1}, WIDE, bottleneck, 1, 64, false},
    {"dla60x", {1, 1, 1, 2, 3, 1}, WIDE, bottleneck, 32, 4, false},
    {"dla60x_c", {1, 1, 1, 2, 3, 1}, NARROW, bottleneck, 32, 4, false},
    {"dla102", {1, 1, 1, 3, 4, 1}, WIDE, bottleneck, 1, 64, true},
    {"dla102x", {1, 1, 1, 3, 4, 1}, WIDE, bottleneck, 32, 4, true},
    {"dla102x2", {1, 1, 1, 3, 4, 1}, WIDE, bottleneck, 64, 4, true},
    {"dla169", {1, 1, 2, 3, 5, 1}, WIDE, bottleneck, 1, 64, true},
};

const dla_imagenet *dla_imagenet_find(const char *name)
{
  for (size_t i = 0; i < sizeof family / sizeof *family; i++)
    if (strcmp(family[i].name, name) == 0) return &family[i];
  return NULL;
}

const char *dla_imagenet_at(int index)
{
  return index < (int)(sizeof family / sizeof *family) ? family[index].name : NULL;
}
