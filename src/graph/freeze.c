/* Frozen layers. */
#include <jansson.h>

#include "base/pattern.h"
#include "graph/internal.h"

static dla_status refuse(const char *pattern, const char *hint, const char *what, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, "train.freeze", hint, what, pattern);
}

/* A layer is frozen as a whole, with its bias. */
static void freeze_layer(dla_graph *graph, const dla_node *node)
{
  for (int k = 0; k < DLA_MAX_PARAMETERS; k++)
    if (node->parameter[k] >= 0) graph->parameter[node->parameter[k]].trainable = false;
}

static dla_status freeze(dla_graph *graph, const char *pattern, dla_error *err)
{
  int found = 0, only_others = 0;
  for (int i = 0; i < graph->node_count; i++) {
    const dla_node *node = &graph->node[i];
    const int weight = node->parameter[0];
    if (weight < 0) continue;
    if (dla_name_fits(pattern, graph->parameter[weight].name)) {
      freeze_layer(graph, node);
      found++;
    }
    for (int k = 1; k < DLA_MAX_PARAMETERS; k++)
      only_others += node->parameter[k] >= 0 &&
                     dla_name_fits(pattern, graph->parameter[node->parameter[k]].name);
  }
  if (found) return DLA_OK;
  return only_others ? refuse(pattern, "name the layer",
                              "%.200s fits no layer's weight; a layer is frozen as a whole", err)
                     : refuse(pattern, "dla-train graph --summary lists them",
                              "no layer is called %.200s", err);
}

dla_status dla_graph_freeze(dla_graph *graph, const char *patterns, dla_error *err)
{
  if (!patterns || !*patterns) return DLA_OK;
  dla_status status = DLA_OK;
  json_t *list = json_loads(patterns, 0, NULL), *pattern;
  size_t i;
  json_array_foreach(list, i, pattern)
  {
    const char *text = json_string_value(pattern);
    if (!status && text) status = freeze(graph, text, err);
  }
  json_decref(list);
  if (!status && dla_graph_parameter_count(graph) == 0)
    status = refuse("", "leave the last layer out", "nothing is left to train%s", err);
  return status;
}
