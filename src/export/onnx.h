/* Exports a network as an ONNX file (https://onnx.ai): operators, weights, and metadata about what
 * is done to a picture before. docs/export.md lists the keys. */
#ifndef DLA_EXPORT_ONNX_H
#define DLA_EXPORT_ONNX_H

#include "export/model.h"

/* The graph's input. The batch is the first dimension. */
typedef enum dla_onnx_input {
  DLA_ONNX_INPUT_UNIT,       /* float32 {C,H,W} from 0 to 1; normalised in the graph */
  DLA_ONNX_INPUT_NORMALISED, /* float32 {C,H,W}, normalised by the caller */
  DLA_ONNX_INPUT_PIXELS      /* uint8 {H,W,C}; scaled and normalised in the graph */
} dla_onnx_input;

/* In these operator sets, the operators are written as here. From 11 on, Gemm may lack a bias. */
enum { DLA_ONNX_OPSET_MIN = 11, DLA_ONNX_OPSET = 17, DLA_ONNX_OPSET_MAX = 21 };

typedef struct dla_onnx_options {
  int64_t opset;
  bool dynamic_batch; /* any number of samples; else one */
  dla_onnx_input input;
} dla_onnx_options;

/* Appends the file. facts: appends the metadata for people, except the classes' names, as lines
 * "key: value". */
dla_status dla_onnx_bytes(const dla_export_model *model, const dla_onnx_options *options,
                          dla_strbuf *bytes, dla_strbuf *facts, dla_error *err);
/* Writes the file, as a whole or not at all. */
dla_status dla_export_onnx(const dla_export_model *model, const dla_onnx_options *options,
                           const char *path, dla_strbuf *facts, dla_error *err);

#endif
