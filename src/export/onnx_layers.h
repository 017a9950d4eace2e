/* Writes a network's layers as ONNX operators. */
#ifndef DLA_EXPORT_ONNX_LAYERS_H
#define DLA_EXPORT_ONNX_LAYERS_H

#include "export/model.h"

#define DLA_ONNX_LOGITS "logits" /* the name of the tensor */

/* Appends the nodes and weights of all needed layers to a GraphProto, in order. image: the name of
 * the tensor that the first layers read. DLA_E_UNSUPPORTED: an op has no counterpart here. */
dla_status dla_onnx_layers(const dla_export_model *model, const char *image, dla_strbuf *graph,
                           dla_error *err);

#endif
