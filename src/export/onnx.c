#include "export/onnx.h"

#include "base/atomic_file.h"
#include "export/messages.h"
#include "export/onnx_layers.h"
#include "train/experiment.h"

#define INPUT "input"

/* ---- The input ---- */

/* dst = src * factor + summand, by channel. */
static void put_affine(dla_strbuf *graph, const dla_export_model *model, const char *src, float top)
{
  const int64_t channels = model->parts.config->model.in_channels;
  const dla_normalization *n = model->parts.normalization;
  const dla_shape shape = DLA_SHAPE4(1, channels, 1, 1);
  dla_onnx_node scaled, normalised;
  float factor[4], summand[4];
  for (int64_t c = 0; c < channels; c++) {
    factor[c] = 1 / (top * n->std[c]);
    summand[c] = -n->mean[c] / n->std[c];
  }
  dla_onnx_tensor(graph, "factor", &shape, factor);
  dla_onnx_tensor(graph, "summand", &shape, summand);
  dla_onnx_node_begin(&scaled, "Mul", "scale", "scaled");
  dla_onnx_node_input(&scaled, src);
  dla_onnx_node_input(&scaled, "factor");
  dla_onnx_node_end(&scaled, graph);
  dla_onnx_node_begin(&normalised, "Add", "normalise", "normalised");
  dla_onnx_node_input(&normalised, "scaled");
  dla_onnx_node_input(&normalised, "summand");
  dla_onnx_node_end(&normalised, graph);
}

static void put_cast(dla_strbuf *graph)
{
  dla_onnx_node cast, transpose;
  dla_onnx_node_begin(&cast, "Cast", "cast", "pixels");
  dla_onnx_node_input(&cast, INPUT);
  dla_onnx_node_integer(&cast, "to", DLA_ONNX_FLOAT);
  dla_onnx_node_end(&cast, graph);
  dla_onnx_node_begin(&transpose, "Transpose", "transpose", "planes");
  dla_onnx_node_input(&transpose, "pixels");
  dla_onnx_node_integers(&transpose, "perm", (const int64_t[]){0, 3, 1, 2}, 4);
  dla_onnx_node_end(&transpose, graph);
}

/* Writes the input, and returns the name of the tensor that the layers read. */
static const char *put_input(dla_strbuf *graph, const dla_export_model *model,
                             const dla_onnx_options *options)
{
  const dla_shape image = dla_graph_shape(model->graph, dla_graph_image(model->graph));
  const dla_shape rows = DLA_SHAPE3(image.dim[1], image.dim[2], image.dim[0]);
  const bool pixels = options->input == DLA_ONNX_INPUT_PIXELS;
  dla_onnx_value(graph, DLA_ONNX_INPUT, INPUT, pixels ? DLA_ONNX_UINT8 : DLA_ONNX_FLOAT,
                 !options->dynamic_batch, pixels ? &rows : &image);
  if (options->input == DLA_ONNX_INPUT_NORMALISED) return INPUT;
  if (pixels) put_cast(graph);
  put_affine(graph, model, pixels ? "planes" : INPUT, pixels ? 255 : 1);
  return "normalised";
}

/* ---- Metadata ---- */

typedef struct notes {
  dla_strbuf *model, *facts;
} notes;

/* Adds the value to the metadata and the facts, and frees it. */
static void note(notes *n, const char *key, dla_strbuf *value)
{
  dla_onnx_metadata(n->model, key, dla_strbuf_text(value));
  dla_strbuf_printf(n->facts, "%s: %s\n", key, dla_strbuf_text(value));
  n->model->failed |= value->failed;
  dla_strbuf_free(value);
}

static void note_input(notes *n, const dla_export_model *model, const dla_onnx_options *options)
{
  dla_strbuf value = {0};
  const char *colours = dla_export_colours(model);
  if (options->input == DLA_ONNX_INPUT_UNIT)
    dla_strbuf_printf(&value, "float32 NCHW, %s from 0 to 1; normalised in the graph", colours);
  else if (options->input == DLA_ONNX_INPUT_PIXELS)
    dla_strbuf_printf(&value, "uint8 NHWC, %s from 0 to 255; normalised in the graph", colours);
  else
    dla_strbuf_printf(&value, "float32 NCHW, %s from 0 to 1, then (x - mean) / std", colours);
  note(n, "input", &value);
}

/* Notes what the caller has to do before the graph. */
static void note_pictures(notes *n, const dla_export_model *model)
{
  const dla_config *config = model->parts.config;
  const dla_normalization *normalization = model->parts.normalization;
  dla_strbuf resize = {0}, filter = {0}, crop = {0}, mean = {0}, std = {0};
  dla_strbuf_printf(&resize, "%d", dla_experiment_resize(config));
  note(n, "resize", &resize);
  dla_strbuf_printf(&filter, "bilinear, antialiased");
  note(n, "resize_filter", &filter);
  dla_strbuf_printf(&crop, "%d", (int)config->model.image_size);
  note(n, "crop", &crop);
  dla_export_floats(&mean, normalization->mean, config->model.in_channels);
  note(n, "mean", &mean);
  dla_export_floats(&std, normalization->std, config->model.in_channels);
  note(n, "std", &std);
}

static void note_output(notes *n, const dla_export_model *model)
{
  dla_strbuf output = {0}, classes = {0};
  dla_strbuf_printf(&output, "logits, softmax(logits) are probabilities");
  note(n, "output", &output);
  dla_export_classes(&classes, model);
  dla_onnx_metadata(n->model, "classes", dla_strbuf_text(&classes));
  n->model->failed |= dla_strbuf_done(&classes);
}

/* ---- The file ---- */

dla_status dla_onnx_bytes(const dla_export_model *model, const dla_onnx_options *options,
                          dla_strbuf *bytes, dla_strbuf *facts, dla_error *err)
{
  dla_strbuf graph = {0};
  const dla_config *config = model->parts.config;
  const dla_shape logits = dla_graph_shape(model->graph, dla_graph_logits(model->graph));
  const char *image = put_input(&graph, model, options);
  dla_status status = dla_onnx_layers(model, image, &graph, err);
  dla_onnx_value(&graph, DLA_ONNX_OUTPUT, DLA_ONNX_LOGITS, DLA_ONNX_FLOAT, !options->dynamic_batch,
                 &logits);
  dla_onnx_model(bytes, options->opset, config->model.graph_text ? "graph" : config->model.name,
                 &graph);
  notes n = {bytes, facts};
  note_input(&n, model, options);
  note_pictures(&n, model);
  note_output(&n, model);
  return status || !bytes->failed ? status : dla_fail_memory(err, "the model");
}

dla_status dla_export_onnx(const dla_export_model *model, const dla_onnx_options *options,
                           const char *path, dla_strbuf *facts, dla_error *err)
{
  dla_strbuf bytes = {0};
  dla_status status = dla_onnx_bytes(model, options, &bytes, facts, err);
  if (!status) status = dla_atomic_replace(path, bytes.text, bytes.length, err);
  dla_strbuf_free(&bytes);
  return status;
}
