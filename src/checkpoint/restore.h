/* Shared by restoring and pretraining. */
#ifndef DLA_CHECKPOINT_RESTORE_H
#define DLA_CHECKPOINT_RESTORE_H

#include "checkpoint/match.h"
#include "dla/checkpoint.h"

/* The checkpoint's tensors. */
dla_tensor_set *dla_checkpoint_tensors(dla_checkpoint *checkpoint);

/* Reads a parameter's values from the tensor of its name, which must exist and fit. write =
 * false: only checks it. */
dla_status dla_restore_parameter(const dla_tensor_set *set, const char *path, dla_network *network,
                                 const dla_match *match, int index, bool write, dla_error *err);

#endif
