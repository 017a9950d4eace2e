#include "export/onnx_layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "export/fold.h"
#include "export/messages.h"

typedef struct writer {
  const dla_export_model *model;
  const char *image;
  dla_strbuf *graph;
  dla_error *err;
} writer;

/* ---- Names: a layer's output is LAYER:0, a constant is LAYER.weight and so on, so no two are
 * equal ---- */

typedef char tensor_name[DLA_NAME_SIZE + 8];

static const char *name_of(const writer *w, dla_tensor tensor, tensor_name name)
{
  const dla_graph *graph = w->model->graph;
  if (tensor == dla_graph_image(graph)) return w->image;
  if (tensor == dla_graph_logits(graph)) return DLA_ONNX_LOGITS;
  const int layer = dla_export_producer(w->model, tensor);
  snprintf(name, sizeof(tensor_name), "%s:0", dla_graph_layer(graph, layer).name);
  return name;
}

/* Begins a node that makes a layer's output. */
static dla_onnx_node begin(const writer *w, const dla_layer_info *layer, const char *op)
{
  tensor_name name;
  dla_onnx_node node;
  dla_onnx_node_begin(&node, op, layer->name, name_of(w, layer->dst, name));
  return node;
}

static void read_tensor(const writer *w, dla_onnx_node *node, dla_tensor tensor)
{
  tensor_name name;
  dla_onnx_node_input(node, name_of(w, tensor, name));
}

/* ---- Constants ---- */

static void put_constant(const writer *w, dla_onnx_node *node, const char *layer,
                         const char *suffix, const dla_shape *shape, const float *values)
{
  tensor_name name;
  snprintf(name, sizeof name, "%s.%s", layer, suffix);
  dla_onnx_node_input(node, name);
  dla_onnx_tensor(w->graph, name, shape, values);
}

/* Does nothing if the layer lacks the parameter. rows: the parameter is written as a matrix with so
 * many rows; 0: in its own shape. */
static dla_status put_parameter(const writer *w, dla_onnx_node *node, int index, const char *suffix,
                                int64_t rows)
{
  float *values;
  dla_shape shape;
  TRY(dla_export_parameter(w->model, index, suffix, &values, &shape, w->err));
  if (!values) return DLA_OK;
  if (rows) shape = DLA_SHAPE2(rows, dla_shape_count(&shape) / rows);
  put_constant(w, node, dla_graph_layer(w->model->graph, index).name, suffix, &shape, values);
  free(values);
  return DLA_OK;
}

/* ---- One function for each op ---- */

static int64_t attribute(const writer *w, int index, const char *name)
{
  return (int64_t)dla_graph_layer_attribute(w->model->graph, index, name);
}

/* Attributes that convolutions and pools share. */
static void put_window(const writer *w, dla_onnx_node *node, int index)
{
  const int64_t k = attribute(w, index, "kernel"), s = attribute(w, index, "stride");
  const int64_t p = attribute(w, index, "padding");
  dla_onnx_node_integers(node, "kernel_shape", (const int64_t[]){k, k}, 2);
  dla_onnx_node_integers(node, "strides", (const int64_t[]){s, s}, 2);
  dla_onnx_node_integers(node, "pads", (const int64_t[]){p, p, p, p}, 4);
}

/* norm: the batch norm whose place it takes; -1: none. */
static dla_status put_convolution(const writer *w, int index, int norm)
{
  dla_layer_info layer = dla_graph_layer(w->model->graph, index);
  dla_export_convolution c;
  dla_status status = dla_export_convolve(w->model, index, norm, &c, w->err);
  if (!status) {
    if (norm >= 0) layer.dst = dla_graph_layer(w->model->graph, norm).dst;
    dla_onnx_node node = begin(w, &layer, "Conv");
    read_tensor(w, &node, layer.src[0]);
    put_constant(w, &node, layer.name, "weight", &c.shape, c.weights);
    if (c.bias) put_constant(w, &node, layer.name, "bias", &DLA_SHAPE1(c.shape.dim[0]), c.bias);
    put_window(w, &node, index);
    const int64_t d = attribute(w, index, "dilation");
    dla_onnx_node_integers(&node, "dilations", (const int64_t[]){d, d}, 2);
    dla_onnx_node_integer(&node, "group", attribute(w, index, "groups"));
    dla_onnx_node_end(&node, w->graph);
  }
  dla_export_convolution_free(&c);
  return status;
}

static dla_status write_conv2d(const writer *w, int index, const char *op)
{
  (void)op;
  return dla_export_norm_of(w->model, index) < 0 ? put_convolution(w, index, -1) : DLA_OK;
}

static dla_status put_norm(const writer *w, int index)
{
  static const char *const parameters[] = {"weight", "bias", "running_mean", "running_var"};
  const dla_layer_info layer = dla_graph_layer(w->model->graph, index);
  dla_onnx_node node = begin(w, &layer, "BatchNormalization");
  dla_status status = DLA_OK;
  read_tensor(w, &node, layer.src[0]);
  for (int k = 0; k < 4 && !status; k++)
    status = put_parameter(w, &node, index, parameters[k], 0);
  dla_onnx_node_float(&node, "epsilon",
                      (float)dla_graph_layer_attribute(w->model->graph, index, "eps"));
  dla_onnx_node_end(&node, w->graph);
  return status;
}

static dla_status write_batch_norm(const writer *w, int index, const char *op)
{
  (void)op;
  const dla_tensor src = dla_graph_layer(w->model->graph, index).src[0];
  const int producer = dla_export_producer(w->model, src);
  return producer >= 0 && dla_export_norm_of(w->model, producer) == index
             ? put_convolution(w, producer, index)
             : put_norm(w, index);
}

static dla_status write_plain(const writer *w, int index, const char *op)
{
  const dla_layer_info layer = dla_graph_layer(w->model->graph, index);
  dla_onnx_node node = begin(w, &layer, op);
  for (int k = 0; k < layer.src_count; k++)
    read_tensor(w, &node, layer.src[k]);
  if (strcmp(op, "Concat") == 0) dla_onnx_node_integer(&node, "axis", 1);
  dla_onnx_node_end(&node, w->graph);
  return DLA_OK;
}

static dla_status write_pool(const writer *w, int index, const char *op)
{
  const dla_layer_info layer = dla_graph_layer(w->model->graph, index);
  dla_onnx_node node = begin(w, &layer, op);
  read_tensor(w, &node, layer.src[0]);
  put_window(w, &node, index);
  if (strcmp(op, "AveragePool") == 0) dla_onnx_node_integer(&node, "count_include_pad", 1);
  dla_onnx_node_end(&node, w->graph);
  return DLA_OK;
}

/* Gemm takes only matrices. */
static dla_status write_linear(const writer *w, int index, const char *op)
{
  (void)op;
  const dla_layer_info layer = dla_graph_layer(w->model->graph, index);
  tensor_name flat;
  snprintf(flat, sizeof flat, "%s:flat", layer.name);
  dla_onnx_node flatten, node = begin(w, &layer, "Gemm");
  dla_onnx_node_begin(&flatten, "Flatten", flat, flat);
  read_tensor(w, &flatten, layer.src[0]);
  dla_onnx_node_end(&flatten, w->graph);
  dla_onnx_node_input(&node, flat);
  dla_status status = put_parameter(w, &node, index, "weight", layer.output.dim[0]);
  if (!status) status = put_parameter(w, &node, index, "bias", 0);
  dla_onnx_node_integer(&node, "transB", 1);
  dla_onnx_node_end(&node, w->graph);
  return status;
}

static const struct {
  const char *op;
  dla_status (*write)(const writer *w, int index, const char *op);
  const char *onnx; /* its operator, where one function writes several */
} table[] = {
    {"conv2d", write_conv2d, NULL},
    {"batch_norm", write_batch_norm, NULL},
    {"relu", write_plain, "Relu"},
    {"add", write_plain, "Add"},
    {"concat", write_plain, "Concat"},
    {"avg_pool", write_pool, "AveragePool"},
    {"max_pool", write_pool, "MaxPool"},
    {"linear", write_linear, NULL},
    {"dropout", write_plain, "Identity"}, /* in evaluation, as stochastic depth */
    {"stochastic_depth", write_plain, "Identity"},
};

static dla_status write_layer(const writer *w, int index)
{
  const dla_layer_info layer = dla_graph_layer(w->model->graph, index);
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (strcmp(table[i].op, layer.op) == 0) return table[i].write(w, index, table[i].onnx);
  return dla_fail(w->err, DLA_E_UNSUPPORTED, layer.name, NULL, "%s is not exported to ONNX",
                  layer.op);
}

dla_status dla_onnx_layers(const dla_export_model *model, const char *image, dla_strbuf *graph,
                           dla_error *err)
{
  const writer w = {model, image, graph, err};
  for (int i = 0; i < model->layers; i++)
    if (model->needed[i]) TRY(write_layer(&w, i));
  return DLA_OK;
}
