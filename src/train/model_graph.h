/* The graph of the network that a configuration names. */
#ifndef DLA_TRAIN_MODEL_GRAPH_H
#define DLA_TRAIN_MODEL_GRAPH_H

#include "config/config.h"
#include "dla/graph.h"

/* Height and width of a network that is created without a data set, such as to show it. */
enum { DLA_SIDE_WITHOUT_DATA = 32 };

/* The graph of model.name or model.graph, for images of model.image_size. */
dla_status dla_model_graph(const dla_config *config, dla_graph **graph, dla_error *err);

#endif
