#include "graph/internal.h"

static void print_node(const dla_graph *graph, int index, FILE *out)
{
  const dla_node *node = &graph->node[index];
  char shape[DLA_SHAPE_TEXT];
  fprintf(out, "  n%d [label=\"%s\\n%s", index, node->name, node->op->name);
  for (int i = 0; node->op->attributes && node->op->attributes[i].name; i++)
    if (node->attr[i] != node->op->attributes[i].initial)
      fprintf(out, " %s=%g", node->op->attributes[i].name, node->attr[i]);
  fprintf(out, "\\n%s\"];\n", dla_shape_text(&graph->tensor[node->output], shape));
  for (int k = 0; k < node->input_count; k++) {
    const dla_node *from = dla_graph_producer(graph, node->input[k]);
    if (from)
      fprintf(out, "  n%d -> n%d;\n", (int)(from - graph->node), index);
    else
      fprintf(out, "  input -> n%d;\n", index);
  }
}

void dla_graph_dot(const dla_graph *graph, FILE *out)
{
  char shape[DLA_SHAPE_TEXT];
  fprintf(out, "digraph network {\n  node [shape=box, fontname=\"sans-serif\"];\n");
  fprintf(out, "  input [label=\"input\\n%s\"];\n",
          dla_shape_text(&graph->tensor[graph->input], shape));
  for (int i = 0; i < graph->node_count; i++)
    if (!graph->node[i].dead) print_node(graph, i, out);
  fprintf(out, "}\n");
}
