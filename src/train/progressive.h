/* Progressive resizing (augment.initial_scale): the sizes, and a network for each. */
#ifndef DLA_TRAIN_PROGRESSIVE_H
#define DLA_TRAIN_PROGRESSIVE_H

#include "config/config.h"
#include "dla/graph.h"
#include "dla/loader.h"

dla_progressive dla_progressive_of(const dla_config *config);

/* The number of sizes below model.image_size; and size i, ascending. */
int dla_progressive_size_count(const dla_config *config);
int64_t dla_progressive_size_at(const dla_config *config, int i);

/* A graph for each of these sizes: an array of dla_progressive_size_count() graphs. The caller
 * owns the array and the graphs. NULL if there are none. */
dla_status dla_progressive_graphs(const dla_config *config, dla_graph ***graphs, dla_error *err);

#endif
