/* Networks by name, built from public graph calls only. */
#ifndef DLA_MODELS_H
#define DLA_MODELS_H

#include "dla/graph.h"

/* Makes the finished graph of the named model for images {channels, height, width}. */
dla_status dla_model_create(const char *name, const dla_shape *image, int64_t classes,
                            dla_graph **graph, dla_error *err);

/* Makes the finished graph that a YAML layer-graph file describes (docs/layer-graph.md). */
dla_status dla_graph_file_read(const char *path, const dla_shape *image, int64_t classes,
                               dla_graph **graph, dla_error *err);
/* The same of a text in memory; `name` is for errors. */
dla_status dla_graph_text_read(const char *name, const char *text, size_t length,
                               const dla_shape *image, int64_t classes, dla_graph **graph,
                               dla_error *err);

/* Simple DLA (Yu, Wang, Shelhamer and Darrell, "Deep Layer Aggregation", 2018, as simplified for
 * CIFAR): images {in_channels, 32, 32} -> logits {classes}. Layers carry the PyTorch program's
 * names. 15,142,970 parameters with 3 channels and 10 classes. */
dla_tensor dla_simple_dla(dla_graph *graph, dla_tensor image, int64_t classes);

#endif
