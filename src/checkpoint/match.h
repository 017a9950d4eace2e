/* Which of a file's tensors are a network's parameters. */
#ifndef DLA_CHECKPOINT_MATCH_H
#define DLA_CHECKPOINT_MATCH_H

#include "checkpoint/tensor_set.h"
#include "dla/network.h"

/* What stands in front of the network's names in the file's, as in "encoder.conv1.weight": often
 * nothing. */
enum { DLA_MATCH_PREFIX = 256 };
typedef struct dla_match {
  char prefix[DLA_MATCH_PREFIX];
} dla_match;

/* Finds it. Where no prefix makes all names fit, the error lists what is missing, and what that
 * might be called instead; where two do, it names both. `where` is the file. */
dla_status dla_match_find(const dla_tensor_set *set, const dla_network *network, const char *where,
                          dla_match *match, dla_error *err);

/* The prefix with which the fewest are missing. */
void dla_match_nearest(const dla_tensor_set *set, const dla_network *network, dla_match *match);
/* The tensor of a parameter; NULL: it is missing. */
const dla_tensor_entry *dla_match_tensor(const dla_tensor_set *set, const dla_match *match,
                                         const char *parameter);

/* Warns, in the set, of tensors that the network has no use for. */
void dla_match_warn(dla_tensor_set *set, const dla_network *network, const dla_match *match);

#endif
