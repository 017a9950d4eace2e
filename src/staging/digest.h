/* SHA-256 and MD5 of a file, or both in one pass. */
#ifndef DLA_STAGING_DIGEST_H
#define DLA_STAGING_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"

#define DLA_MD5_TEXT 33

typedef enum dla_digest_kinds {
  DLA_DIGEST_SHA256 = 1,
  DLA_DIGEST_MD5 = 2,
  DLA_DIGEST_BOTH = DLA_DIGEST_SHA256 | DLA_DIGEST_MD5
} dla_digest_kinds;

typedef struct dla_digest {
  char sha256[DLA_SHA256_TEXT]; /* empty where it was not asked for; */
  char md5[DLA_MD5_TEXT];       /* likewise, and where libcrypto forbids MD5 (FIPS mode) */
} dla_digest;

/* Step by step: begin, ranges in order, end, and free in any case. */
typedef struct dla_hasher {
  void *sha256, *md5; /* EVP_MD_CTX; what is not computed is NULL */
} dla_hasher;

dla_status dla_hasher_begin(dla_hasher *hasher, dla_digest_kinds kinds, dla_error *err);
/* size bytes of the file from offset on; name is for errors. A shorter file is an error. */
dla_status dla_hasher_add(dla_hasher *hasher, int fd, const char *name, uint64_t offset,
                          uint64_t size, dla_error *err);
dla_status dla_hasher_end(dla_hasher *hasher, dla_digest *digest, dla_error *err);
void dla_hasher_free(dla_hasher *hasher);

/* All of it at once. */
dla_status dla_digest_range(int fd, const char *name, uint64_t offset, uint64_t size,
                            dla_digest_kinds kinds, dla_digest *digest, dla_error *err);
/* Of a whole file, and how long it is; size may be NULL. */
dla_status dla_digest_file(const char *path, dla_digest_kinds kinds, dla_digest *digest,
                           uint64_t *size, dla_error *err);

#endif
