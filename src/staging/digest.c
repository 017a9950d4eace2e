#include "staging/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc.h"

enum { CHUNK = 1 << 18 };

static dla_status fail(const char *name, dla_error *err)
{
  return dla_fail(err, DLA_E_INTERNAL, name, NULL, "libcrypto cannot compute a checksum");
}

static EVP_MD_CTX *begin_one(const EVP_MD *kind)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context && EVP_DigestInit_ex(context, kind, NULL)) return context;
  EVP_MD_CTX_free(context);
  return NULL;
}

dla_status dla_hasher_begin(dla_hasher *h, dla_digest_kinds kinds, dla_error *err)
{
  *h = (dla_hasher){.kinds = kinds};
  if (kinds & DLA_DIGEST_SHA256) h->sha256 = begin_one(EVP_sha256());
  if (kinds & DLA_DIGEST_MD5) h->md5 = begin_one(EVP_md5());
  if (kinds & DLA_DIGEST_SHA1) h->sha1 = begin_one(EVP_sha1());
  return h->sha256 || !(kinds & DLA_DIGEST_SHA256) ? DLA_OK : fail("SHA-256", err);
}

static bool add(dla_hasher *h, const void *bytes, size_t count)
{
  if (h->kinds & DLA_DIGEST_CRC32) h->crc32 = dla_crc(DLA_CRC32, h->crc32, bytes, count);
  if (h->kinds & DLA_DIGEST_CRC32C) h->crc32c = dla_crc(DLA_CRC32C, h->crc32c, bytes, count);
  if (h->kinds & DLA_DIGEST_CRC64NVME)
    h->crc64nvme = dla_crc(DLA_CRC64NVME, h->crc64nvme, bytes, count);
  return (!h->sha256 || EVP_DigestUpdate(h->sha256, bytes, count)) &&
         (!h->md5 || EVP_DigestUpdate(h->md5, bytes, count)) &&
         (!h->sha1 || EVP_DigestUpdate(h->sha1, bytes, count));
}

dla_status dla_hasher_add(dla_hasher *h, int fd, const char *name, uint64_t offset, uint64_t size,
                          dla_error *err)
{
  char *chunk = malloc(CHUNK);
  dla_status status = chunk ? DLA_OK : dla_fail_memory(err, "a checksum");
  while (size && !status) {
    ssize_t got = pread(fd, chunk, size < CHUNK ? (size_t)size : CHUNK, (off_t)offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      status = dla_fail_errno(err, name, "read");
    else if (got == 0)
      status = dla_fail(err, DLA_E_IO, name, NULL, "became shorter while it was read");
    else if (!add(h, chunk, (size_t)got))
      status = fail(name, err);
    offset += (uint64_t)got;
    size -= (uint64_t)got;
  }
  free(chunk);
  return status;
}

static bool end_one(EVP_MD_CTX *context, char *text)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  text[0] = '\0';
  if (!context) return true;
  if (!EVP_DigestFinal_ex(context, digest, &length)) return false;
  for (unsigned int i = 0; i < length; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return true;
}

dla_status dla_hasher_end(dla_hasher *h, dla_digest *digest, dla_error *err)
{
  *digest = (dla_digest){0};
  bool done = end_one(h->sha256, digest->sha256) && end_one(h->md5, digest->md5) &&
              end_one(h->sha1, digest->sha1);
  if (h->kinds & DLA_DIGEST_CRC32)
    snprintf(digest->crc32, sizeof digest->crc32, "%08" PRIx32, (uint32_t)h->crc32);
  if (h->kinds & DLA_DIGEST_CRC32C)
    snprintf(digest->crc32c, sizeof digest->crc32c, "%08" PRIx32, (uint32_t)h->crc32c);
  if (h->kinds & DLA_DIGEST_CRC64NVME)
    snprintf(digest->crc64nvme, sizeof digest->crc64nvme, "%016" PRIx64, h->crc64nvme);
  return done ? DLA_OK : fail("checksum", err);
}

void dla_hasher_free(dla_hasher *h)
{
  EVP_MD_CTX_free(h->sha256);
  EVP_MD_CTX_free(h->md5);
  EVP_MD_CTX_free(h->sha1);
  *h = (dla_hasher){0};
}

dla_status dla_digest_range(int fd, const char *name, uint64_t offset, uint64_t size,
                            dla_digest_kinds kinds, dla_digest *digest, dla_error *err)
{
  dla_hasher h;
  dla_status status = dla_hasher_begin(&h, kinds, err);
  if (!status) status = dla_hasher_add(&h, fd, name, offset, size, err);
  if (!status) status = dla_hasher_end(&h, digest, err);
  dla_hasher_free(&h);
  return status;
}

dla_status dla_digest_file(const char *path, dla_digest_kinds kinds, dla_digest *digest,
                           uint64_t *size, dla_error *err)
{
  struct stat info;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return dla_fail_errno(err, path, "open");
  dla_status status = DLA_OK;
  if (fstat(fd, &info)) status = dla_fail_errno(err, path, "look at");
  if (!status) status = dla_digest_range(fd, path, 0, (uint64_t)info.st_size, kinds, digest, err);
  if (!status && size) *size = (uint64_t)info.st_size;
  close(fd);
  return status;
}

/* A row for each digest: its kind, its name, and its place in dla_digest. */
typedef struct row {
  dla_digest_kinds kind;
  const char *name;
  size_t offset;
} row;

static const row rows[] = {
    {DLA_DIGEST_SHA256, "SHA-256", offsetof(dla_digest, sha256)},
    {DLA_DIGEST_MD5, "MD5", offsetof(dla_digest, md5)},
    {DLA_DIGEST_SHA1, "SHA-1", offsetof(dla_digest, sha1)},
    {DLA_DIGEST_CRC32, "CRC-32", offsetof(dla_digest, crc32)},
    {DLA_DIGEST_CRC32C, "CRC-32C", offsetof(dla_digest, crc32c)},
    {DLA_DIGEST_CRC64NVME, "CRC-64/NVME", offsetof(dla_digest, crc64nvme)},
};

enum { ROWS = sizeof rows / sizeof *rows };

static const char *text_of(const dla_digest *digest, const row *r)
{
  return (const char *)digest + r->offset;
}

dla_digest_kinds dla_digest_known(const dla_digest *digest)
{
  unsigned known = 0;
  for (int i = 0; i < ROWS; i++)
    if (*text_of(digest, &rows[i])) known |= rows[i].kind;
  return (dla_digest_kinds)known;
}

const char *dla_digest_difference(const dla_digest *a, const dla_digest *b)
{
  for (int i = 0; i < ROWS; i++) {
    const char *one = text_of(a, &rows[i]), *other = text_of(b, &rows[i]);
    if (*one && *other && strcasecmp(one, other) != 0) return rows[i].name;
  }
  return NULL;
}
