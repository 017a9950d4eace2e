#include "model/models.h"

#include <string.h>

static const struct {
  const char *name;
  dla_tensor (*build)(dla_graph *graph, dla_tensor image, int64_t classes);
} models[] = {
    {"simple_dla", dla_simple_dla},
};

dla_status dla_model_create(const char *name, const dla_shape *image, int64_t classes,
                            dla_graph **out, dla_error *err)
{
  size_t i = 0, count = sizeof models / sizeof models[0];
  while (i < count && strcmp(models[i].name, name) != 0)
    i++;
  if (i == count)
    return dla_fail(err, DLA_E_INPUT, "model.name", "the models are: simple_dla",
                    "no model is called '%s'", name);
  dla_graph *graph = dla_graph_create();
  if (!graph) return dla_fail_memory(err, "the graph");
  dla_tensor input = dla_input(graph, image->dim[0], image->dim[1], image->dim[2]);
  dla_status status = dla_graph_finish(graph, models[i].build(graph, input, classes), err);
  if (status)
    dla_graph_free(graph);
  else
    *out = graph;
  return status;
}
