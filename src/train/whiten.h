/* Sets the first layer's weights from the images: filters that whiten them. */
#ifndef DLA_TRAIN_WHITEN_H
#define DLA_TRAIN_WHITEN_H

#include "dla/loader.h"
#include "dla/network.h"

/* Sets the weights of every convolution with `whiten` in the layer graph. Filter 2 i is the
 * eigenvector of the images' patches with the i-th largest eigenvalue, divided by the square root
 * of the eigenvalue. Filter 2 i + 1 is its negative (Page, "How to train your ResNet", 2019;
 * Jordan, airbench94, arXiv 2404.00498, which has all positive ones first). Other filters keep
 * their initial values. Uses a thousand images, drawn by options->seed, without augmentation. */
dla_status dla_whiten(dla_network *network, const dla_dataset *images,
                      const dla_loader_options *options, dla_error *err);

#endif
