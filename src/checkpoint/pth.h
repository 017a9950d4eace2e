/* PyTorch's .pth: a zip archive with a pickle, PREFIX/data.pkl, and the tensors' bytes,
 * PREFIX/data/NUMBER. docs/checkpoint-format.md describes the pickle. */
#ifndef DLA_CHECKPOINT_PTH_H
#define DLA_CHECKPOINT_PTH_H

#include "checkpoint/tensor_set.h"

/* The key of data that only this program writes. */
#define DLA_PTH_OWN "dla_train"

/* Does the file start like a .pth, of today or from before PyTorch 1.6, or like an archive? */
bool dla_pth_is(const void *bytes, size_t count);

/* key: as in dla_tensor_set_parse(). */
dla_status dla_pth_parse(const char *where, const void *bytes, size_t count, const char *key,
                         dla_tensor_set *set, dla_error *err);
/* The set must be in PyTorch's order. */
dla_status dla_pth_write(const dla_tensor_set *set, const char *path, dla_error *err);

#endif
