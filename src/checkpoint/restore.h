/* What restoring and pretraining share. */
#ifndef DLA_CHECKPOINT_RESTORE_H
#define DLA_CHECKPOINT_RESTORE_H

#include "checkpoint/match.h"
#include "dla/checkpoint.h"

/* The checkpoint's. */
dla_tensor_set *dla_checkpoint_tensors(dla_checkpoint *checkpoint);

/* A parameter's values from the tensor of its name, which must be there and fit; with write = false
 * it is only looked at. */
dla_status dla_restore_parameter(const dla_tensor_set *set, const char *path, dla_network *network,
                                 const dla_match *match, int index, bool write, dla_error *err);

#endif
