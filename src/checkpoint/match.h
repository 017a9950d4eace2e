/* Matches a file's tensors with a network's parameters. */
#ifndef DLA_CHECKPOINT_MATCH_H
#define DLA_CHECKPOINT_MATCH_H

#include "checkpoint/tensor_set.h"
#include "dla/network.h"

/* The prefix that the file puts before the network's names, as in "encoder.conv1.weight"; often
 * "". */
enum { DLA_MATCH_PREFIX = 256 };
typedef struct dla_match {
  char prefix[DLA_MATCH_PREFIX];
} dla_match;

/* Finds the prefix. If no prefix makes all names fit, the error lists the missing ones, with
 * likely matches. If two do, it names both. `where` is the file. */
dla_status dla_match_find(const dla_tensor_set *set, const dla_network *network, const char *where,
                          dla_match *match, dla_error *err);

/* Finds the prefix with the fewest missing tensors. If a second one has as few, and not more than
 * may_lack, the error names both. */
dla_status dla_match_nearest(const dla_tensor_set *set, const dla_network *network,
                             const char *where, int may_lack, dla_match *match, dla_error *err);

/* The tensor of a parameter; NULL: it is missing. */
const dla_tensor_entry *dla_match_tensor(const dla_tensor_set *set, const dla_match *match,
                                         const char *parameter);

/* Adds a warning to the set about tensors that the network does not use. */
void dla_match_warn(dla_tensor_set *set, const dla_network *network, const dla_match *match);

#endif
