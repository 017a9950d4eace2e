/* SHA-256, MD5 and S3's checksums of a file, any of them in one pass. */
#ifndef DLA_STAGING_DIGEST_H
#define DLA_STAGING_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"

#define DLA_MD5_TEXT 33

typedef enum dla_digest_kinds {
  DLA_DIGEST_SHA256 = 1,
  DLA_DIGEST_MD5 = 2,
  DLA_DIGEST_BOTH = DLA_DIGEST_SHA256 | DLA_DIGEST_MD5,
  DLA_DIGEST_SHA1 = 4,
  DLA_DIGEST_CRC32 = 8,
  DLA_DIGEST_CRC32C = 16,
  DLA_DIGEST_CRC64NVME = 32
} dla_digest_kinds;

/* In hexadecimal; empty if it was not asked for. */
typedef struct dla_digest {
  char sha256[DLA_SHA256_TEXT];
  char md5[DLA_MD5_TEXT]; /* also empty where libcrypto forbids MD5 (FIPS mode) */
  char sha1[41], crc32[9], crc32c[9], crc64nvme[17];
} dla_digest;

/* Step by step: begin, add ranges in order, end; free in any case. */
typedef struct dla_hasher {
  void *sha256, *md5, *sha1; /* EVP_MD_CTX; NULL where it is not computed */
  dla_digest_kinds kinds;
  uint64_t crc32, crc32c, crc64nvme;
} dla_hasher;

dla_status dla_hasher_begin(dla_hasher *hasher, dla_digest_kinds kinds, dla_error *err);
/* Adds `size` bytes of the file from `offset` on. `name` is for errors. A file that is shorter is
 * an error. */
dla_status dla_hasher_add(dla_hasher *hasher, int fd, const char *name, uint64_t offset,
                          uint64_t size, dla_error *err);
dla_status dla_hasher_end(dla_hasher *hasher, dla_digest *digest, dla_error *err);
void dla_hasher_free(dla_hasher *hasher);

/* All steps at once, for a range of the file. */
dla_status dla_digest_range(int fd, const char *name, uint64_t offset, uint64_t size,
                            dla_digest_kinds kinds, dla_digest *digest, dla_error *err);
/* The same for a whole file. *size becomes its length in bytes; size may be NULL. */
dla_status dla_digest_file(const char *path, dla_digest_kinds kinds, dla_digest *digest,
                           uint64_t *size, dla_error *err);

/* Which of the digests are known. */
dla_digest_kinds dla_digest_known(const dla_digest *digest);
/* The name of the first digest that both have and that differs; NULL if none differs. */
const char *dla_digest_difference(const dla_digest *a, const dla_digest *b);

#endif
