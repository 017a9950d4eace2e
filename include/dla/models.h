/* Networks by name, and from layer-graph files. */
#ifndef DLA_MODELS_H
#define DLA_MODELS_H

#include "dla/graph.h"

typedef struct dla_model_options {
  int64_t classes;
  double width;     /* factor on the channels of every layer; 1: as published */
  double drop_path; /* the last block's probability of stochastic depth; 0: none has it */
} dla_model_options;

/* Makes the finished graph of the named model (docs/models.md) for images {channels, height,
 * width}. */
dla_status dla_model_create(const char *name, const dla_shape *image,
                            const dla_model_options *options, dla_graph **graph, dla_error *err);

/* Makes the finished graph that a YAML layer-graph file describes (docs/layer-graph.md). */
dla_status dla_graph_file_read(const char *path, const dla_shape *image, int64_t classes,
                               dla_graph **graph, dla_error *err);
/* The same of a text in memory; `name` is for errors. */
dla_status dla_graph_text_read(const char *name, const char *text, size_t length,
                               const dla_shape *image, int64_t classes, dla_graph **graph,
                               dla_error *err);

#endif
