#include <config.h>

#include "base/protobuf.h"
#include "export/messages.h"

/* The version of the file format, not of the operators. Nothing newer is used. */
enum { IR_VERSION = 6 };

/* ---- NodeProto ---- */

enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OP = 4, NODE_ATTRIBUTE = 5 };

void dla_onnx_node_begin(dla_onnx_node *node, const char *op, const char *name, const char *dst)
{
  node->message = (dla_strbuf){0};
  dla_protobuf_text(&node->message, NODE_NAME, name);
  dla_protobuf_text(&node->message, NODE_OP, op);
  dla_protobuf_text(&node->message, NODE_OUTPUT, dst);
}

void dla_onnx_node_input(dla_onnx_node *node, const char *name)
{
  dla_protobuf_text(&node->message, NODE_INPUT, name);
}

/* AttributeProto: the field of its value, and the number of its type. */
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_F = 2, ATTRIBUTE_I = 3, ATTRIBUTE_INTS = 8 };
enum { ATTRIBUTE_TYPE = 20, TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_INTS = 7 };

static dla_strbuf begin_attribute(const char *name, int type)
{
  dla_strbuf attribute = {0};
  dla_protobuf_text(&attribute, ATTRIBUTE_NAME, name);
  dla_protobuf_integer(&attribute, ATTRIBUTE_TYPE, type);
  return attribute;
}

void dla_onnx_node_integer(dla_onnx_node *node, const char *name, int64_t value)
{
  dla_strbuf attribute = begin_attribute(name, TYPE_INT);
  dla_protobuf_integer(&attribute, ATTRIBUTE_I, value);
  dla_protobuf_message(&node->message, NODE_ATTRIBUTE, &attribute);
}

void dla_onnx_node_integers(dla_onnx_node *node, const char *name, const int64_t *values, int count)
{
  dla_strbuf attribute = begin_attribute(name, TYPE_INTS);
  for (int i = 0; i < count; i++)
    dla_protobuf_integer(&attribute, ATTRIBUTE_INTS, values[i]);
  dla_protobuf_message(&node->message, NODE_ATTRIBUTE, &attribute);
}

void dla_onnx_node_float(dla_onnx_node *node, const char *name, float value)
{
  dla_strbuf attribute = begin_attribute(name, TYPE_FLOAT);
  dla_protobuf_float(&attribute, ATTRIBUTE_F, value);
  dla_protobuf_message(&node->message, NODE_ATTRIBUTE, &attribute);
}

/* ---- GraphProto ---- */

enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5 };

void dla_onnx_node_end(dla_onnx_node *node, dla_strbuf *graph)
{
  dla_protobuf_message(graph, GRAPH_NODE, &node->message);
}

void dla_onnx_tensor(dla_strbuf *graph, const char *name, const dla_shape *shape,
                     const float *values)
{
  enum { DIMS = 1, DATA_TYPE = 2, NAME = 8, RAW_DATA = 9 }; /* TensorProto */
  const size_t bytes = (size_t)dla_shape_count(shape) * sizeof *values;
  dla_strbuf head = {0};
  for (int i = 0; i < shape->rank; i++)
    dla_protobuf_integer(&head, DIMS, shape->dim[i]);
  dla_protobuf_integer(&head, DATA_TYPE, DLA_ONNX_FLOAT);
  dla_protobuf_text(&head, NAME, name);
  dla_protobuf_begin(&head, RAW_DATA, bytes);
  dla_protobuf_begin(graph, GRAPH_INITIALIZER, head.length + bytes);
  dla_strbuf_append(graph, dla_strbuf_text(&head), head.length);
  dla_strbuf_append(graph, (const char *)values, bytes);
  graph->failed |= dla_strbuf_done(&head);
}

/* TensorShapeProto.Dimension; size 0 stands for the symbol N. */
static void put_dimension(dla_strbuf *shape, int64_t size)
{
  enum { DIM = 1, DIM_VALUE = 1, DIM_PARAM = 2 };
  dla_strbuf dimension = {0};
  if (size)
    dla_protobuf_integer(&dimension, DIM_VALUE, size);
  else
    dla_protobuf_text(&dimension, DIM_PARAM, "N");
  dla_protobuf_message(shape, DIM, &dimension);
}

void dla_onnx_value(dla_strbuf *graph, int field, const char *name, int type, int64_t batch,
                    const dla_shape *shape)
{
  enum { VALUE_NAME = 1, VALUE_TYPE = 2, TENSOR_TYPE = 1, ELEM_TYPE = 1, SHAPE = 2 };
  dla_strbuf value = {0}, of = {0}, tensor = {0}, dimensions = {0};
  put_dimension(&dimensions, batch);
  for (int i = 0; i < shape->rank; i++)
    put_dimension(&dimensions, shape->dim[i]);
  dla_protobuf_integer(&tensor, ELEM_TYPE, type);
  dla_protobuf_message(&tensor, SHAPE, &dimensions);
  dla_protobuf_message(&of, TENSOR_TYPE, &tensor);
  dla_protobuf_text(&value, VALUE_NAME, name);
  dla_protobuf_message(&value, VALUE_TYPE, &of);
  dla_protobuf_message(graph, field, &value);
}

/* ---- ModelProto ---- */

enum { MODEL_IR = 1, MODEL_PRODUCER = 2, MODEL_PRODUCER_VERSION = 3, MODEL_GRAPH = 7 };
enum { MODEL_OPSET = 8, MODEL_METADATA = 14 };

void dla_onnx_model(dla_strbuf *model, int64_t opset, const char *name, dla_strbuf *graph)
{
  enum { OPSET_DOMAIN = 1, OPSET_VERSION = 2 };
  dla_strbuf set = {0};
  dla_protobuf_text(&set, OPSET_DOMAIN, "");
  dla_protobuf_integer(&set, OPSET_VERSION, opset);
  dla_protobuf_text(graph, GRAPH_NAME, name);
  dla_protobuf_integer(model, MODEL_IR, IR_VERSION);
  dla_protobuf_text(model, MODEL_PRODUCER, PACKAGE_NAME);
  dla_protobuf_text(model, MODEL_PRODUCER_VERSION, PACKAGE_VERSION);
  dla_protobuf_message(model, MODEL_OPSET, &set);
  dla_protobuf_message(model, MODEL_GRAPH, graph);
}

void dla_onnx_metadata(dla_strbuf *model, const char *key, const char *value)
{
  enum { KEY = 1, VALUE = 2 };
  dla_strbuf entry = {0};
  dla_protobuf_text(&entry, KEY, key);
  dla_protobuf_text(&entry, VALUE, value);
  dla_protobuf_message(model, MODEL_METADATA, &entry);
}
