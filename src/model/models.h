/* Networks by name, built from public graph calls only. */
#ifndef DLA_MODELS_H
#define DLA_MODELS_H

#include "dla/graph.h"

typedef struct dla_model_options {
  int64_t classes;
  double width;     /* factor on the channels of every layer; 1: as published */
  double drop_path; /* the last block's probability of stochastic depth; 0: none has it */
} dla_model_options;

/* Makes the finished graph of the named model for images {channels, height, width}. */
dla_status dla_model_create(const char *name, const dla_shape *image,
                            const dla_model_options *options, dla_graph **graph, dla_error *err);

/* Makes the finished graph that a YAML layer-graph file describes (docs/layer-graph.md). */
dla_status dla_graph_file_read(const char *path, const dla_shape *image, int64_t classes,
                               dla_graph **graph, dla_error *err);
/* The same of a text in memory; `name` is for errors. */
dla_status dla_graph_text_read(const char *name, const char *text, size_t length,
                               const dla_shape *image, int64_t classes, dla_graph **graph,
                               dla_error *err);

/* cifar_dla.c: images -> logits {classes}, with the layers' names of pytorch-cifar. SimpleDLA has
 * 15,142,970 parameters with 3 channels and 10 classes, DLA 16,291,386. */
dla_tensor dla_model_simple_dla(dla_graph *graph, dla_tensor image,
                                const dla_model_options *options);
dla_tensor dla_model_dla(dla_graph *graph, dla_tensor image, const dla_model_options *options);

/* dla.c: the networks of the paper for ImageNet, dla34 to dla169, with the names of timm's and the
 * authors' parameters. The image's side is a multiple of 32. */
typedef struct dla_imagenet dla_imagenet;
const dla_imagenet *dla_imagenet_find(const char *name); /* NULL: none is called so */
const char *dla_imagenet_at(int index);                  /* its name; NULL behind the last */
dla_tensor dla_model_imagenet(dla_graph *graph, dla_tensor image, const dla_imagenet *network,
                              const dla_model_options *options);

#endif
