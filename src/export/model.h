/* The network that is exported: its layers as they were described, and its weights. */
#ifndef DLA_EXPORT_MODEL_H
#define DLA_EXPORT_MODEL_H

#include "base/strbuf.h"
#include "dla/graph.h"
#include "train/predictor.h"

typedef struct dla_export_model {
  dla_predictor *predictor;
  dla_predictor_parts parts; /* owned by the predictor */
  dla_graph *graph;
  int layers;
  bool *needed; /* for each layer: whether the logits depend on it */
} dla_export_model;

/* Options and errors are those of predict. */
dla_status dla_export_open(const char *checkpoint, const dla_predictor_options *options,
                           dla_export_model *model, dla_error *err);
void dla_export_close(dla_export_model *model);

/* The needed layer that makes a tensor; -1 for the image. */
int dla_export_producer(const dla_export_model *model, dla_tensor tensor);
/* How often needed layers read a tensor. */
int dla_export_readers(const dla_export_model *model, dla_tensor tensor);

/* A layer's parameter by the suffix of its name, such as "weight". It is plain f32, in the shape
 * that checkpoints have; the caller frees it. *values is NULL if the layer has no such
 * parameter. */
dla_status dla_export_parameter(const dla_export_model *model, int layer, const char *suffix,
                                float **values, dla_shape *shape, dla_error *err);

/* Appends an array such as [1,0.5], with as many digits as give back the same floats. */
void dla_export_floats(dla_strbuf *out, const float *numbers, int64_t count);
/* Appends the classes' names as a JSON array. */
void dla_export_classes(dla_strbuf *out, const dla_export_model *model);
/* "RGB", "grey" or "channels". */
const char *dla_export_colours(const dla_export_model *model);

#endif
