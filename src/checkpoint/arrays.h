/* What files call the arrays of a network's parameters. */
#ifndef DLA_CHECKPOINT_ARRAYS_H
#define DLA_CHECKPOINT_ARRAYS_H

#include "dla/network.h"

typedef char dla_tensor_name[512];

/* Writes and returns it. Where there is an average, that is the model, which is evaluated and used;
 * training goes on with the values. prefix: what a foreign file has in front of the name; "". */
const char *dla_array_name(dla_tensor_name name, const dla_network *network,
                           dla_parameter_array array, const char *prefix, const char *parameter);

/* How many arrays the optimizer keeps of a parameter that is trained. */
int dla_state_count(const dla_network *network);

#endif
