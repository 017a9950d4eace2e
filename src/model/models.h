/* The built-in networks, made of public graph calls only. */
#ifndef DLA_MODEL_MODELS_H
#define DLA_MODEL_MODELS_H

#include "dla/models.h"

/* cifar_dla.c: from images to logits {classes}, with pytorch-cifar's names of layers. With 3
 * channels and 10 classes, SimpleDLA has 15,142,970 parameters and DLA 16,291,386. */
dla_tensor dla_model_simple_dla(dla_graph *graph, dla_tensor image,
                                const dla_model_options *options);
dla_tensor dla_model_dla(dla_graph *graph, dla_tensor image, const dla_model_options *options);

/* fast_dla.c: a narrow network of our own, for few epochs; any side from 16 on. With 3 channels and
 * 10 classes it has 3,461,944 parameters. */
dla_tensor dla_model_fast(dla_graph *graph, dla_tensor image, const dla_model_options *options);

/* dla.c: the paper's networks for ImageNet, dla34 to dla169, with the names of timm's and the
 * authors' parameters. The image's side must be a multiple of 32. */
typedef struct dla_imagenet dla_imagenet;
const dla_imagenet *dla_imagenet_find(const char *name); /* NULL: there is none with that name */
const char *dla_imagenet_at(int index);                  /* a network's name; NULL behind the
                                                          * last */
dla_tensor dla_model_imagenet(dla_graph *graph, dla_tensor image, const dla_imagenet *network,
                              const dla_model_options *options);

#endif
