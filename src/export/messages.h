/* Writes ONNX's messages, by the numbers of its schema
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Each is appended to the graph or model
 * that is being written. */
#ifndef DLA_EXPORT_MESSAGES_H
#define DLA_EXPORT_MESSAGES_H

#include "base/strbuf.h"
#include "dla/tensor.h"

enum { DLA_ONNX_FLOAT = 1, DLA_ONNX_UINT8 = 2 };    /* TensorProto.DataType */
enum { DLA_ONNX_INPUT = 11, DLA_ONNX_OUTPUT = 12 }; /* fields of GraphProto */

/* An operator that is being written: its inputs, in order, and its attributes are appended to
 * it. */
typedef struct dla_onnx_node {
  dla_strbuf message;
} dla_onnx_node;
void dla_onnx_node_begin(dla_onnx_node *node, const char *op, const char *name, const char *dst);
void dla_onnx_node_input(dla_onnx_node *node, const char *name);
void dla_onnx_node_integer(dla_onnx_node *node, const char *name, int64_t value);
void dla_onnx_node_integers(dla_onnx_node *node, const char *name, const int64_t *values,
                            int count);
void dla_onnx_node_float(dla_onnx_node *node, const char *name, float value);
void dla_onnx_node_end(dla_onnx_node *node, dla_strbuf *graph);

/* Appends a constant. */
void dla_onnx_tensor(dla_strbuf *graph, const char *name, const dla_shape *shape,
                     const float *values);
/* Appends an input or output of the graph: `batch` samples of that shape. batch 0: any number,
 * N. */
void dla_onnx_value(dla_strbuf *graph, int field, const char *name, int type, int64_t batch,
                    const dla_shape *shape);

/* Appends all of the model except its metadata, and frees the graph. */
void dla_onnx_model(dla_strbuf *model, int64_t opset, const char *name, dla_strbuf *graph);
void dla_onnx_metadata(dla_strbuf *model, const char *key, const char *value);

#endif
