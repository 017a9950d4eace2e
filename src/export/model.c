#include "export/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/try.h"
#include "train/model_graph.h"

/* Goes backwards from the logits. */
static dla_status find_needed(dla_export_model *m, dla_error *err)
{
  m->layers = dla_graph_layer_count(m->graph);
  m->needed = calloc((size_t)m->layers, sizeof *m->needed);
  if (!m->needed) return dla_fail_memory(err, "the layers");
  for (int i = m->layers - 1; i >= 0; i--) {
    const dla_tensor dst = dla_graph_layer(m->graph, i).dst;
    m->needed[i] = dst == dla_graph_logits(m->graph) || dla_export_readers(m, dst) > 0;
  }
  return DLA_OK;
}

dla_status dla_export_open(const char *checkpoint, const dla_predictor_options *options,
                           dla_export_model *model, dla_error *err)
{
  *model = (dla_export_model){0};
  TRY(dla_predictor_create(checkpoint, options, &model->predictor, err));
  model->parts = dla_predictor_parts_of(model->predictor);
  dla_status status = dla_model_graph(model->parts.config, &model->graph, err);
  if (!status) status = find_needed(model, err);
  if (status) dla_export_close(model);
  return status;
}

void dla_export_close(dla_export_model *model)
{
  free(model->needed);
  dla_graph_free(model->graph);
  dla_predictor_free(model->predictor);
  *model = (dla_export_model){0};
}

int dla_export_producer(const dla_export_model *model, dla_tensor tensor)
{
  for (int i = 0; i < model->layers; i++)
    if (dla_graph_layer(model->graph, i).dst == tensor) return i;
  return -1;
}

int dla_export_readers(const dla_export_model *model, dla_tensor tensor)
{
  int count = 0;
  for (int i = 0; i < model->layers; i++) {
    const dla_layer_info layer = dla_graph_layer(model->graph, i);
    for (int k = 0; model->needed[i] && k < layer.src_count; k++)
      count += layer.src[k] == tensor;
  }
  return count;
}

dla_status dla_export_parameter(const dla_export_model *model, int layer, const char *suffix,
                                float **values, dla_shape *shape, dla_error *err)
{
  char name[DLA_NAME_SIZE];
  dla_network *network = model->parts.network;
  const int count = dla_network_parameter_count(network);
  snprintf(name, sizeof name, "%.*s.%s", DLA_NAME_SIZE - 24,
           dla_graph_layer(model->graph, layer).name, suffix);
  *values = NULL;
  for (int i = 0; i < count; i++) {
    const dla_parameter_info info = dla_network_parameter(network, i);
    if (strcmp(info.name, name) != 0) continue;
    *values = malloc((size_t)dla_shape_count(&info.shape) * sizeof **values);
    if (!*values) return dla_fail_memory(err, "a parameter");
    *shape = info.shape;
    const dla_status status = dla_network_read(network, i, DLA_PARAMETER_VALUE, *values, err);
    if (!status) return DLA_OK;
    free(*values);
    *values = NULL;
    return status;
  }
  return DLA_OK;
}

void dla_export_floats(dla_strbuf *out, const float *numbers, int64_t count)
{
  for (int64_t i = 0; i < count; i++) {
    char text[32];
    int digits = 6;
    do
      snprintf(text, sizeof text, "%.*g", digits, (double)numbers[i]);
    while (strtof(text, NULL) != numbers[i] && digits++ < 9);
    dla_strbuf_printf(out, "%s%s", i ? ", " : "[", text);
  }
  dla_strbuf_append(out, "]", 1);
}

void dla_export_classes(dla_strbuf *out, const dla_export_model *model)
{
  dla_json json = {.out = out};
  dla_json_begin_array(&json, NULL);
  for (int64_t c = 0; c < dla_predictor_classes(model->predictor); c++)
    dla_json_text(&json, NULL, dla_predictor_class(model->predictor, c));
  dla_json_end_array(&json);
}

const char *dla_export_colours(const dla_export_model *model)
{
  const int64_t channels = model->parts.config->model.in_channels;
  return channels == 3 ? "RGB" : channels == 1 ? "grey" : "channels";
}
