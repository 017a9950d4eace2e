/* The first layer's weights from the images: filters that whiten them. */
#ifndef DLA_TRAIN_WHITEN_H
#define DLA_TRAIN_WHITEN_H

#include "dla/loader.h"
#include "dla/network.h"

/* Sets the weights of every convolution that asks for it (`whiten` in a layer graph): filter 2 i is
 * the eigenvector of the images' patches with the i-th largest eigenvalue, divided by the root of
 * the eigenvalue, and filter 2 i + 1 its negative (Page, "How to train your ResNet", 2019; Jordan,
 * airbench94, arXiv 2404.00498, which has the positive ones first). Filters that are left over stay
 * as they were drawn. A thousand images count, drawn by options->seed, without augmentation. */
dla_status dla_whiten(dla_network *network, const dla_dataset *images,
                      const dla_loader_options *options, dla_error *err);

#endif
