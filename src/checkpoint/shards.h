/* Weights in several safetensors files, as the Hugging Face hub has large ones: an index,
 * model.safetensors.index.json, says which file beside it holds which tensor. */
#ifndef DLA_CHECKPOINT_SHARDS_H
#define DLA_CHECKPOINT_SHARDS_H

#include "checkpoint/tensor_set.h"

/* What an index's name ends in. */
#define DLA_SHARDS_INDEX ".index.json"

/* Reads the index and every file that it names; a tensor that it promises and that is not there is
 * an error. */
dla_status dla_shards_read(const char *path, dla_tensor_set *set, dla_error *err);

#endif
