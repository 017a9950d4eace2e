/* Rewrites of the graph that save passes over memory. They change no parameter's name or shape, and
 * results only in the last bits.
 *
 *   drop_idle       dropout and stochastic_depth of probability 0 disappear
 *   fuse_relu       batch_norm, relu           -> batch_norm with relu
 *   fuse_residual   batch_norm, add [, relu]   -> batch_norm with a residual [and relu]
 *   fold_concat     concat, conv2d             -> conv2d of several sources, which add up in dst:
 *                   nothing is copied, and no slice of a larger tensor has to be read
 *   drop_dead       nodes without effect on the loss */
#include "graph/internal.h"

static bool is(const dla_node *node, dla_op_kind kind)
{
  return node && !node->dead && node->op->kind == kind;
}

/* A batch_norm that can still take a residual or ReLU, and whose output has one reader. */
static dla_node *open_batch_norm(dla_graph *graph, dla_tensor tensor)
{
  dla_node *node = dla_graph_producer(graph, tensor);
  bool open = is(node, DLA_OP_BATCH_NORM) && node->attr[DLA_ATTR_RELU] == 0 &&
              dla_graph_consumers(graph, tensor) == 1;
  return open ? node : NULL;
}

/* `later` computes what `node` did but keeps its own output. It stays in its place, where all
 * sources exist. */
static void replace(dla_node *later, dla_node *node)
{
  dla_tensor output = later->output;
  *later = *node;
  later->output = output;
  node->dead = true;
}

static void drop_idle(dla_graph *graph)
{
  for (int i = 0; i < graph->node_count; i++) {
    dla_node *idle = &graph->node[i];
    if (idle->dead || !dla_graph_drops(idle) || idle->attr[DLA_ATTR_P] > 0) continue;
    for (int later = i + 1; later < graph->node_count; later++)
      for (int k = 0; k < graph->node[later].input_count; k++)
        if (graph->node[later].input[k] == idle->output)
          graph->node[later].input[k] = idle->input[0];
    if (graph->logits == idle->output) graph->logits = idle->input[0];
    idle->dead = true;
  }
}

static void fuse_residual(dla_graph *graph)
{
  for (int i = 0; i < graph->node_count; i++) {
    dla_node *add = &graph->node[i];
    if (!is(add, DLA_OP_ADD) || add->input[0] == add->input[1]) continue;
    for (int side = 0; side < 2; side++) {
      dla_node *norm = open_batch_norm(graph, add->input[side]);
      if (!norm || norm->input_count > 1) continue;
      dla_tensor residual = add->input[1 - side];
      replace(add, norm);
      add->input[add->input_count++] = residual;
      break;
    }
  }
}

static void fuse_relu(dla_graph *graph)
{
  for (int i = 0; i < graph->node_count; i++) {
    dla_node *relu = &graph->node[i];
    if (!is(relu, DLA_OP_RELU)) continue;
    dla_node *norm = open_batch_norm(graph, relu->input[0]);
    if (!norm) continue;
    replace(relu, norm);
    relu->attr[DLA_ATTR_RELU] = 1;
  }
}

static void fold_concat(dla_graph *graph)
{
  for (int i = 0; i < graph->node_count; i++) {
    dla_node *conv = &graph->node[i];
    if (!is(conv, DLA_OP_CONV2D) || conv->input_count > 1 || conv->attr[DLA_ATTR_GROUPS] != 1)
      continue; /* a group may span two sources */
    const dla_node *concat = dla_graph_producer(graph, conv->input[0]);
    if (!is(concat, DLA_OP_CONCAT)) continue;
    conv->input_count = concat->input_count;
    for (int k = 0; k < concat->input_count; k++)
      conv->input[k] = concat->input[k];
  }
}

static void drop_dead(dla_graph *graph)
{
  for (int i = graph->node_count - 1; i >= 0; i--) {
    dla_node *node = &graph->node[i];
    if (node->op->kind != DLA_OP_SOFTMAX_CROSS_ENTROPY &&
        dla_graph_consumers(graph, node->output) == 0)
      node->dead = true;
  }
}

void dla_graph_optimise(dla_graph *graph)
{
  drop_idle(graph);
  drop_dead(graph);
  fuse_residual(graph);
  fuse_relu(graph);
  fold_concat(graph);
  drop_dead(graph);
}
