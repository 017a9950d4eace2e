/* The safetensors format: 8 bytes with the header's length (little-endian); the header (JSON:
 * each tensor's dtype, shape and byte range; "__metadata__": a map of strings); the tensors'
 * bytes. */
#ifndef DLA_SAFETENSORS_H
#define DLA_SAFETENSORS_H

#include "checkpoint/tensor_set.h"

/* Could it be one? The first bytes give the header's length; the header is a JSON object. */
bool dla_safetensors_is(const void *bytes, size_t count);
/* Adds the tensors to the set. Another program's names get the prefix "model."; unused types and
 * ranks are left out, and of its metadata all but numbers of ours. Checks sizes and ranges (no
 * gap, no overlap). The tensors point into the bytes. */
dla_status dla_safetensors_parse(const char *where, const void *bytes, size_t count,
                                 dla_tensor_set *set, dla_error *err);
/* Reads only a file's metadata. Nothing else is checked. */
dla_status dla_safetensors_read_metadata(const char *path, dla_tensor_set *set, dla_error *err);
dla_status dla_safetensors_write(const dla_tensor_set *set, const char *path, dla_error *err);

#endif
