/* A file, or an archive's member, whole in memory, and the errors that point into it. */
#ifndef DLA_DATA_BLOB_H
#define DLA_DATA_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

/* No dataset here comes near this: what claims more is damaged, or a decompression bomb. */
#define DLA_BLOB_MAX ((size_t)2 << 30)

typedef struct dla_blob {
  char *name;     /* for errors: "dir/data_batch_1", "x.tar.gz: data_batch_1"; owned */
  uint8_t *bytes; /* owned */
  size_t size;
  char *leads_to; /* of a link that leads nowhere, where that is; owned */
} dla_blob;

/* Reads a file; one that is gzip-compressed is decompressed, and its checksum verified. */
dla_status dla_blob_read(const char *path, dla_blob *blob, dla_error *err);
/* Decompresses one in memory, if it is gzip-compressed. */
dla_status dla_blob_decompress(dla_blob *blob, dla_error *err);
/* Fails for a blob that is something else altogether: a web page, a Git LFS pointer, empty. */
dla_status dla_blob_check_kind(const dla_blob *blob, dla_error *err);

void dla_blob_free(dla_blob *blob);

/* DLA_E_INPUT at a byte of the (decompressed) blob; the hint says where the original is. */
dla_status dla_blob_fail(const dla_blob *blob, size_t offset, dla_error *err, const char *format,
                         ...) __attribute__((format(printf, 4, 5)));

/* The same of a file's first bytes; DLA_OK where they say nothing. archive: may it be one? */
dla_status dla_check_kind(const char *name, const void *bytes, size_t size, bool archive,
                          dla_error *err);

#endif
