/* A file, or an archive's member, entirely in memory; and errors that point into it. */
#ifndef DLA_DATA_BLOB_H
#define DLA_DATA_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

/* Far more than any data set here needs. A larger file is damaged, or a decompression bomb. */
#define DLA_BLOB_MAX ((size_t)2 << 30)

typedef struct dla_blob {
  char *name;     /* for errors: "dir/data_batch_1", "x.tar.gz: data_batch_1"; owned */
  uint8_t *bytes; /* owned */
  size_t size;
  char *leads_to; /* the target of a broken link; owned */
} dla_blob;

/* Reads a file. Decompresses gzip, and verifies its checksum. */
dla_status dla_blob_read(const char *path, dla_blob *blob, dla_error *err);
/* Decompresses a blob that is gzip-compressed. */
dla_status dla_blob_decompress(dla_blob *blob, dla_error *err);
/* Fails for a blob that is clearly something else: a web page, a Git LFS pointer, empty. */
dla_status dla_blob_check_kind(const dla_blob *blob, dla_error *err);

void dla_blob_free(dla_blob *blob);

/* DLA_E_INPUT at a byte of the (decompressed) blob. The hint names the original's address. */
dla_status dla_blob_fail(const dla_blob *blob, size_t offset, dla_error *err, const char *format,
                         ...) __attribute__((format(printf, 4, 5)));

/* The same for a file's first bytes; DLA_OK if they look fine. archive: may it be an archive? */
dla_status dla_check_kind(const char *name, const void *bytes, size_t size, bool archive,
                          dla_error *err);

#endif
