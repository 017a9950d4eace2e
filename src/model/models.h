/* Networks by name, built from public graph calls only. */
#ifndef DLA_MODELS_H
#define DLA_MODELS_H

#include "dla/graph.h"

/* Simple DLA (Yu, Wang, Shelhamer and Darrell, "Deep Layer Aggregation", 2018, as simplified for
 * CIFAR): images {in_channels, 32, 32} -> logits {classes}. Layers carry the PyTorch program's
 * names. 15,142,970 parameters with 3 channels and 10 classes. */
dla_tensor dla_simple_dla(dla_graph *graph, dla_tensor image, int64_t classes);

#endif
