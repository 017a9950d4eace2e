/* Names of the arrays of a network's parameters in checkpoint files. */
#ifndef DLA_CHECKPOINT_ARRAYS_H
#define DLA_CHECKPOINT_ARRAYS_H

#include "dla/network.h"

typedef char dla_tensor_name[512];

/* Writes the name and returns it. If there is an average, it is the model, for evaluation and
 * use; training goes on with the values. prefix: what a foreign file puts before the name; may be
 * "". */
const char *dla_array_name(dla_tensor_name name, const dla_network *network,
                           dla_parameter_array array, const char *prefix, const char *parameter);

/* The number of optimizer states of a trainable parameter. */
int dla_state_count(const dla_network *network);

#endif
