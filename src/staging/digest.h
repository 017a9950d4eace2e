/* SHA-256 and MD5 of a file, in one pass. */
#ifndef DLA_STAGING_DIGEST_H
#define DLA_STAGING_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"

#define DLA_MD5_TEXT 33

typedef struct dla_digest {
  char sha256[DLA_SHA256_TEXT];
  char md5[DLA_MD5_TEXT]; /* empty where libcrypto forbids MD5 (FIPS mode) */
} dla_digest;

/* Of size bytes of the file from offset on; name is for errors. A shorter file is an error. */
dla_status dla_digest_range(int fd, const char *name, uint64_t offset, uint64_t size,
                            dla_digest *digest, dla_error *err);
/* Of a whole file, and how long it is; size may be NULL. */
dla_status dla_digest_file(const char *path, dla_digest *digest, uint64_t *size, dla_error *err);

#endif
