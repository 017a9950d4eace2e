/* A file, or an archive's member, whole in memory, and the errors that point into it. */
#ifndef DLA_DATASET_BLOB_H
#define DLA_DATASET_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

/* No dataset here comes near this: what claims more is damaged, or a decompression bomb. */
#define DLA_BLOB_MAX ((size_t)2 << 30)

typedef struct dla_blob {
  char *name;     /* for errors: "dir/data_batch_1", "x.tar.gz: data_batch_1"; owned */
  uint8_t *bytes; /* owned */
  size_t size;
} dla_blob;

/* Reads a file; one that is gzip-compressed is decompressed, and its checksum verified. */
dla_status dla_blob_read(const char *path, dla_blob *blob, dla_error *err);

void dla_blob_free(dla_blob *blob);

/* What to do about a damaged one. */
#define DLA_BLOB_HINT "the file is damaged or of another kind: fetch it again"

/* DLA_E_INPUT at a byte of the (decompressed) blob. */
dla_status dla_blob_fail(const dla_blob *blob, size_t offset, dla_error *err, const char *format,
                         ...) __attribute__((format(printf, 4, 5)));

#endif
