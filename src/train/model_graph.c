#include "train/model_graph.h"

#include <string.h>

#include "model/models.h"

enum { CLASSES_WITHOUT_DATA = 10 };

dla_status dla_model_graph(const dla_config *config, dla_graph **graph, dla_error *err)
{
  const int64_t side = config->model.image_size ? config->model.image_size : DLA_SIDE_WITHOUT_DATA;
  const dla_shape image = DLA_SHAPE3(config->model.in_channels, side, side);
  const int64_t classes = config->model.classes ? config->model.classes : CLASSES_WITHOUT_DATA;
  const bool file = config->model.graph_text || config->model.graph[0];
  if (file && config->model.drop_path > 0)
    return dla_fail(err, DLA_E_INPUT, "model.drop_path",
                    "leave it out; the file may have layers of op stochastic_depth",
                    "it is for built-in networks, but model.graph names a file");
  if (config->model.graph_text)
    return dla_graph_text_read(config->model.graph, config->model.graph_text,
                               strlen(config->model.graph_text), &image, classes, graph, err);
  if (config->model.graph[0])
    return dla_graph_file_read(config->model.graph, &image, classes, graph, err);
  const dla_model_options options = {
      .classes = classes, .width = config->model.width, .drop_path = config->model.drop_path};
  return dla_model_create(config->model.name, &image, &options, graph, err);
}
