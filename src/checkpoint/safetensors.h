/* The safetensors format: 8 bytes length of the header (little-endian), the header (JSON: for each
 * tensor its dtype, shape and byte range; "__metadata__": a map of strings), the tensors' bytes. */
#ifndef DLA_SAFETENSORS_H
#define DLA_SAFETENSORS_H

#include "checkpoint/tensor_set.h"

/* Can it be one? The first bytes say how long the header is, which is a JSON object. */
bool dla_safetensors_is(const void *bytes, size_t count);
/* Adds the tensors to the set. Names of another program's get "model." in front; tensors of types
 * and ranks that we have no use for are left out, and of foreign metadata what is not a number of
 * ours. Checks sizes and ranges (no gap, no overlap). The tensors point into the bytes. */
dla_status dla_safetensors_parse(const char *where, const void *bytes, size_t count,
                                 dla_tensor_set *set, dla_error *err);
/* Reads only the metadata of a file. What else is in it is not checked. */
dla_status dla_safetensors_read_metadata(const char *path, dla_tensor_set *set, dla_error *err);
dla_status dla_safetensors_write(const dla_tensor_set *set, const char *path, dla_error *err);

#endif
