/* A graph's layers, one by one, for people and scripts. */
#include <math.h>
#include <string.h>

#include "graph/internal.h"

dla_tensor dla_graph_image(const dla_graph *graph)
{
  return graph->input;
}

dla_tensor dla_graph_logits(const dla_graph *graph)
{
  return graph->logits;
}

int dla_graph_layer_count(const dla_graph *graph)
{
  /* The last node is the loss, which is not a layer. */
  return graph->finished ? graph->node_count - 1 : graph->node_count;
}

dla_layer_info dla_graph_layer(const dla_graph *graph, int index)
{
  const dla_node *node = &graph->node[index];
  dla_layer_info info = {.name = node->name,
                         .op = node->op->name,
                         .src = node->input,
                         .src_count = node->input_count,
                         .dst = node->output,
                         .output = graph->tensor[node->output]};
  for (int k = 0; k < DLA_MAX_PARAMETERS; k++) {
    if (node->parameter[k] < 0) continue;
    const dla_parameter *p = &graph->parameter[node->parameter[k]];
    if (!p->trainable) continue;
    int64_t count = dla_shape_count(&p->shape);
    info.parameters += count;
    /* A matrix or a kernel: each element of dst is a dot product as long as one of its rows. */
    if (p->shape.rank > 1) info.macs += dla_shape_count(&info.output) * (count / p->shape.dim[0]);
  }
  return info;
}

double dla_graph_layer_attribute(const dla_graph *graph, int index, const char *name)
{
  const dla_node *node = &graph->node[index];
  const dla_attribute_spec *spec = node->op->attributes;
  for (int i = 0; spec && spec[i].name; i++)
    if (strcmp(spec[i].name, name) == 0) return node->attr[i];
  return NAN;
}
