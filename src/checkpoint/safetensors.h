/* The safetensors format: 8 bytes length of the header (little-endian), the header (JSON: for each
 * tensor its dtype, shape and byte range; "__metadata__": a map of strings), the tensors' bytes. */
#ifndef DLA_SAFETENSORS_H
#define DLA_SAFETENSORS_H

#include <stddef.h>

#include "base/strbuf.h"
#include "dla/status.h"
#include "dla/tensor.h"

typedef enum dla_dtype { DLA_F32, DLA_I64 } dla_dtype;

/* ---- Writing ---- */

typedef struct dla_safetensors_writer {
  dla_strbuf entries;  /* of the header, one a tensor */
  dla_strbuf metadata; /* of the header */
  char *bytes;         /* of all tensors */
  size_t count, capacity;
} dla_safetensors_writer;

/* Room for a tensor's bytes, to be filled before the next call; NULL: out of memory. */
void *dla_safetensors_add(dla_safetensors_writer *w, const char *name, dla_dtype dtype,
                          const dla_shape *shape);
void dla_safetensors_metadata(dla_safetensors_writer *w, const char *key, const char *value);
/* Adds the digest to the metadata, and writes the file atomically. */
dla_status dla_safetensors_write(dla_safetensors_writer *w, const char *path, dla_error *err);
void dla_safetensors_writer_free(dla_safetensors_writer *w);

/* ---- Reading ---- */

typedef struct dla_safetensors dla_safetensors;

typedef struct dla_safetensors_entry {
  const char *name;
  const char *dtype; /* as in the file: "F32" */
  dla_shape shape;
  const void *bytes; /* little-endian; aligned as the file happens to be */
  size_t size;
} dla_safetensors_entry;

/* Reads the whole file and checks it: sizes, ranges (no gap, no overlap), and the digest where the
 * metadata has one. Errors: DLA_E_INPUT with the path. */
dla_status dla_safetensors_read(const char *path, dla_safetensors **file, dla_error *err);
/* The same from bytes in memory, which must outlive *file; `where` names them in errors. */
dla_status dla_safetensors_parse(const char *where, const void *bytes, size_t count,
                                 dla_safetensors **file, dla_error *err);
void dla_safetensors_free(dla_safetensors *file);

int dla_safetensors_count(const dla_safetensors *file);
const dla_safetensors_entry *dla_safetensors_at(const dla_safetensors *file, int index);
const dla_safetensors_entry *dla_safetensors_find(const dla_safetensors *file, const char *name);
/* NULL where the metadata has no such key. */
const char *dla_safetensors_get(const dla_safetensors *file, const char *key);

#endif
