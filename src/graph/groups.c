/* Parameter groups: the settings that the optimizer changes for some parameters. */
#include "base/pattern.h"
#include "graph/internal.h"

static bool fits_any(const dla_graph *graph, const char *pattern)
{
  for (int i = 0; i < graph->parameter_count; i++)
    if (graph->parameter[i].trainable && dla_name_fits(pattern, graph->parameter[i].name))
      return true;
  return false;
}

dla_status dla_graph_group_parameters(dla_graph *graph, const dla_parameter_groups *groups,
                                      dla_error *err)
{
  const char *pattern;
  for (int i = 0; (pattern = dla_parameter_groups_pattern(groups, i)); i++)
    if (!fits_any(graph, pattern))
      return dla_fail(err, DLA_E_INPUT, "optimizer.groups", "dla-train graph --summary lists them",
                      "no parameter that is trained is called %.200s", pattern);
  for (int i = 0; i < graph->parameter_count; i++) {
    dla_parameter *p = &graph->parameter[i];
    const dla_shape *shape = p->stored.rank ? &p->stored : &p->shape;
    const int group = dla_parameter_groups_find(groups, p->name, shape->rank);
    p->change = dla_parameter_groups_at(groups, group);
  }
  return DLA_OK;
}
