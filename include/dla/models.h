/* Networks by name, and from layer-graph files. */
#ifndef DLA_MODELS_H
#define DLA_MODELS_H

#include "dla/graph.h"

typedef struct dla_model_options {
  int64_t classes;
  double width;     /* factor on every layer's channels; 1: as published */
  double drop_path; /* the last block's probability of stochastic depth; 0: off */
} dla_model_options;

/* Makes the finished graph of a model (docs/models.md) for images {channels, height, width}. */
dla_status dla_model_create(const char *name, const dla_shape *image,
                            const dla_model_options *options, dla_graph **graph, dla_error *err);

/* Makes the finished graph of a YAML layer-graph file (docs/layer-graph.md). */
dla_status dla_graph_file_read(const char *path, const dla_shape *image, int64_t classes,
                               dla_graph **graph, dla_error *err);
/* The same from a text in memory; `name` is for errors. */
dla_status dla_graph_text_read(const char *name, const char *text, size_t length,
                               const dla_shape *image, int64_t classes, dla_graph **graph,
                               dla_error *err);

#endif
