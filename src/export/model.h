/* What is exported: a checkpoint's network, layer by layer as it was described, and its weights. */
#ifndef DLA_EXPORT_MODEL_H
#define DLA_EXPORT_MODEL_H

#include "base/strbuf.h"
#include "dla/graph.h"
#include "train/predictor.h"

typedef struct dla_export_model {
  dla_predictor *predictor;
  dla_predictor_parts parts; /* the predictor's */
  dla_graph *graph;
  int layers;
  bool *needed; /* of each layer: do the logits depend on it? */
} dla_export_model;

/* Options and errors are predict's. */
dla_status dla_export_open(const char *checkpoint, const dla_predictor_options *options,
                           dla_export_model *model, dla_error *err);
void dla_export_close(dla_export_model *model);

/* The needed layer that makes a tensor; -1: the image is none. */
int dla_export_producer(const dla_export_model *model, dla_tensor tensor);
/* Reads of a tensor by needed layers. */
int dla_export_readers(const dla_export_model *model, dla_tensor tensor);

/* A layer's parameter by what stands behind its name, "weight" say: plain f32, which the caller
 * frees, of the shape that checkpoints have. *values is NULL where the layer has none such. */
dla_status dla_export_parameter(const dla_export_model *model, int layer, const char *suffix,
                                float **values, dla_shape *shape, dla_error *err);

/* Appends [1,0.5] with as many digits as give back the same floats. */
void dla_export_floats(dla_strbuf *out, const float *numbers, int64_t count);
/* Appends the classes' names as a JSON array. */
void dla_export_classes(dla_strbuf *out, const dla_export_model *model);
/* "RGB", "grey" or "channels". */
const char *dla_export_colours(const dla_export_model *model);

#endif
