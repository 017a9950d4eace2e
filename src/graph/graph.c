#include "dla/graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"

dla_graph *dla_graph_create(void)
{
  dla_graph *graph = calloc(1, sizeof *graph);
  if (!graph) return NULL;
  graph->input = graph->logits = DLA_NO_TENSOR;
  return graph;
}

void dla_graph_free(dla_graph *graph)
{
  if (!graph) return;
  free(graph->node);
  free(graph->tensor);
  free(graph->parameter);
  free(graph);
}

/* Makes room for one more element of an array. Returns false, and keeps the failure, if there is
 * none. */
static bool grow(dla_graph *graph, void **array, int count, int *capacity, size_t size)
{
  if (count < *capacity) return true;
  int more = *capacity ? 2 * *capacity : 64;
  void *bigger = realloc(*array, (size_t)more * size);
  if (!bigger) {
    if (!graph->error.status) dla_fail_memory(&graph->error, "the graph");
    return false;
  }
  *array = bigger;
  *capacity = more;
  return true;
}

static dla_tensor add_tensor(dla_graph *graph, dla_shape shape)
{
  if (!grow(graph, (void **)&graph->tensor, graph->tensor_count, &graph->tensor_capacity,
            sizeof *graph->tensor))
    return DLA_NO_TENSOR;
  graph->tensor[graph->tensor_count] = shape;
  return graph->tensor_count++;
}

int dla_graph_add_parameter(dla_graph *graph, const dla_parameter *parameter)
{
  for (int i = 0; i < graph->parameter_count; i++)
    if (strcmp(graph->parameter[i].name, parameter->name) == 0) {
      dla_fail(&graph->error, DLA_E_INPUT, parameter->name, "give every layer its own name",
               "two parameters have this name");
      return -1;
    }
  if (!grow(graph, (void **)&graph->parameter, graph->parameter_count, &graph->parameter_capacity,
            sizeof *graph->parameter))
    return -1;
  graph->parameter[graph->parameter_count] = *parameter;
  graph->parameter[graph->parameter_count].change = (dla_update_change){1, NAN};
  return graph->parameter_count++;
}

dla_tensor dla_input(dla_graph *graph, int64_t channels, int64_t height, int64_t width)
{
  if (graph->error.status) return DLA_NO_TENSOR;
  if (graph->input != DLA_NO_TENSOR) {
    dla_fail(&graph->error, DLA_E_INPUT, "input", NULL, "a graph has one input");
    return DLA_NO_TENSOR;
  }
  dla_shape shape = DLA_SHAPE3(channels, height, width);
  if (channels < 1 || height < 1 || width < 1) {
    char text[DLA_SHAPE_TEXT];
    dla_fail(&graph->error, DLA_E_INPUT, "input", NULL, "an image cannot be %s",
             dla_shape_text(&shape, text));
    return DLA_NO_TENSOR;
  }
  graph->input = add_tensor(graph, shape);
  return graph->input;
}

/* The place of an attribute in the op's list, or -1. */
static int find_attribute(const dla_op *op, const char *name)
{
  for (int i = 0; op->attributes && op->attributes[i].name; i++)
    if (strcmp(op->attributes[i].name, name) == 0) return i;
  return -1;
}

static dla_status set_attributes(dla_node *node, const dla_attribute *given, int count,
                                 dla_error *err)
{
  const dla_attribute_spec *spec = node->op->attributes;
  for (int i = 0; spec && spec[i].name; i++)
    node->attr[i] = spec[i].initial;
  for (int i = 0; i < count; i++) {
    int at = find_attribute(node->op, given[i].name);
    if (at < 0)
      return dla_fail(err, DLA_E_INPUT, node->name, NULL, "%s has no attribute '%s'",
                      node->op->name, given[i].name);
    double value = given[i].value;
    if (!(value >= spec[at].min && value <= spec[at].max) ||
        (spec[at].integer && value != floor(value)))
      return dla_fail(err, DLA_E_INPUT, node->name, NULL, "%s: %s is %.10g, but must be %s%g to %g",
                      node->op->name, given[i].name, value,
                      spec[at].integer ? "a whole number, " : "", spec[at].min, spec[at].max);
    node->attr[at] = value;
  }
  for (int i = 0; spec && spec[i].name; i++)
    if (isnan(node->attr[i]))
      return dla_fail(err, DLA_E_INPUT, node->name, NULL, "%s needs the attribute '%s'",
                      node->op->name, spec[i].name);
  return DLA_OK;
}

static dla_status make_node(dla_graph *graph, dla_node *node, const dla_tensor *src, int count,
                            dla_shape *dst, dla_error *err)
{
  const dla_op *op = node->op;
  if (count < op->min_inputs || count > op->max_inputs)
    return dla_fail(err, DLA_E_INPUT, node->name, NULL, "%s takes %d to %d inputs, not %d",
                    op->name, op->min_inputs, op->max_inputs, count);
  dla_shape shape[DLA_MAX_INPUTS];
  for (int i = 0; i < count; i++) {
    if (src[i] < 0 || src[i] >= graph->tensor_count)
      return dla_fail(err, DLA_E_INPUT, node->name, NULL, "input %d is no tensor of this graph", i);
    node->input[i] = src[i];
    shape[i] = graph->tensor[src[i]];
  }
  node->input_count = count;
  for (int k = 0; k < DLA_MAX_PARAMETERS; k++)
    node->parameter[k] = -1;
  dla_status status = op->infer(node, shape, dst, err);
  if (status) return status;
  if (op->parameters) op->parameters(graph, node, shape);
  return graph->error.status;
}

dla_tensor dla_apply(dla_graph *graph, const char *op, const char *name, const dla_tensor *src,
                     int src_count, const dla_attribute *attributes, int attribute_count)
{
  if (graph->error.status) return DLA_NO_TENSOR;
  dla_error *err = &graph->error;
  dla_node node = {.op = dla_op_find(op)};
  if (!node.op) {
    dla_fail(err, DLA_E_INPUT, name, NULL, "no op is called '%s'", op);
    return DLA_NO_TENSOR;
  }
  /* Leaves room for a suffix like ".running_mean". */
  if (snprintf(node.name, sizeof node.name, "%s", name) >= DLA_NAME_SIZE - 24) {
    dla_fail(err, DLA_E_INPUT, name, NULL, "a layer's name has at most %d characters",
             DLA_NAME_SIZE - 25);
    return DLA_NO_TENSOR;
  }
  dla_shape dst;
  if (set_attributes(&node, attributes, attribute_count, err) ||
      make_node(graph, &node, src, src_count, &dst, err))
    return DLA_NO_TENSOR;
  node.output = add_tensor(graph, dst);
  if (node.output == DLA_NO_TENSOR || !grow(graph, (void **)&graph->node, graph->node_count,
                                            &graph->node_capacity, sizeof *graph->node))
    return DLA_NO_TENSOR;
  graph->node[graph->node_count++] = node;
  return node.output;
}

int dla_graph_consumers(const dla_graph *graph, dla_tensor tensor)
{
  int count = 0;
  for (int i = 0; i < graph->node_count; i++)
    for (int k = 0; !graph->node[i].dead && k < graph->node[i].input_count; k++)
      count += graph->node[i].input[k] == tensor;
  return count;
}

bool dla_graph_drops(const dla_node *node)
{
  return node->op->kind == DLA_OP_DROPOUT || node->op->kind == DLA_OP_STOCHASTIC_DEPTH;
}

dla_node *dla_graph_producer(const dla_graph *graph, dla_tensor tensor)
{
  for (int i = 0; i < graph->node_count; i++)
    if (!graph->node[i].dead && graph->node[i].output == tensor) return &graph->node[i];
  return NULL;
}

dla_status dla_graph_finish(dla_graph *graph, dla_tensor logits, dla_error *err)
{
  dla_apply(graph, "softmax_cross_entropy", "loss", &logits, 1, NULL, 0);
  if (!graph->error.status && graph->input == DLA_NO_TENSOR)
    dla_fail(&graph->error, DLA_E_INPUT, NULL, NULL, "the graph has no input");
  if (graph->error.status) {
    if (err) *err = graph->error;
    return graph->error.status;
  }
  graph->logits = logits;
  graph->finished = true;
  return DLA_OK;
}

static void set_of_loss(dla_graph *graph, int attribute, double value)
{
  for (int i = 0; i < graph->node_count; i++)
    if (graph->node[i].op->kind == DLA_OP_SOFTMAX_CROSS_ENTROPY)
      graph->node[i].attr[attribute] = value;
}

void dla_graph_smooth_labels(dla_graph *graph, double amount)
{
  set_of_loss(graph, DLA_ATTR_LABEL_SMOOTHING, amount);
}

void dla_graph_mix_labels(dla_graph *graph)
{
  set_of_loss(graph, DLA_ATTR_MIXED_LABELS, 1);
}

void dla_graph_spread_depth(dla_graph *graph, double p)
{
  int count = 0, before = 0;
  for (int i = 0; i < graph->node_count; i++)
    count += graph->node[i].op->kind == DLA_OP_STOCHASTIC_DEPTH;
  for (int i = 0; i < graph->node_count; i++)
    if (graph->node[i].op->kind == DLA_OP_STOCHASTIC_DEPTH)
      graph->node[i].attr[DLA_ATTR_P] = count > 1 ? p * before++ / (count - 1) : 0;
}

void dla_graph_drop_nothing(dla_graph *graph)
{
  for (int i = 0; i < graph->node_count; i++)
    if (dla_graph_drops(&graph->node[i])) graph->node[i].attr[DLA_ATTR_P] = 0;
}

dla_shape dla_graph_shape(const dla_graph *graph, dla_tensor tensor)
{
  if (tensor < 0 || tensor >= graph->tensor_count) return (dla_shape){0};
  return graph->tensor[tensor];
}

int64_t dla_graph_parameter_count(const dla_graph *graph)
{
  int64_t count = 0;
  for (int i = 0; i < graph->parameter_count; i++)
    if (graph->parameter[i].trainable) count += dla_shape_count(&graph->parameter[i].shape);
  return count;
}
