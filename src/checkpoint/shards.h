/* Weights in several safetensors files, as on the Hugging Face hub: an index,
 * model.safetensors.index.json, lists which file beside it holds which tensor. */
#ifndef DLA_CHECKPOINT_SHARDS_H
#define DLA_CHECKPOINT_SHARDS_H

#include "checkpoint/tensor_set.h"

/* The end of an index's name. */
#define DLA_SHARDS_INDEX ".index.json"

/* Reads the index and every file that it names. It is an error if a listed tensor is missing. */
dla_status dla_shards_read(const char *path, dla_tensor_set *set, dla_error *err);

#endif
