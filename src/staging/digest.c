#include "staging/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 18 };

typedef struct hasher {
  EVP_MD_CTX *sha256, *md5; /* md5 may be NULL */
} hasher;

static void hasher_free(hasher *h)
{
  EVP_MD_CTX_free(h->sha256);
  EVP_MD_CTX_free(h->md5);
}

static bool hasher_begin(hasher *h)
{
  *h = (hasher){.sha256 = EVP_MD_CTX_new(), .md5 = EVP_MD_CTX_new()};
  if (h->md5 && !EVP_DigestInit_ex(h->md5, EVP_md5(), NULL)) {
    EVP_MD_CTX_free(h->md5);
    h->md5 = NULL;
  }
  return h->sha256 && EVP_DigestInit_ex(h->sha256, EVP_sha256(), NULL);
}

static bool hasher_add(hasher *h, const void *bytes, size_t count)
{
  return EVP_DigestUpdate(h->sha256, bytes, count) &&
         (!h->md5 || EVP_DigestUpdate(h->md5, bytes, count));
}

static bool finish_one(EVP_MD_CTX *context, char *text)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (!EVP_DigestFinal_ex(context, digest, &length)) return false;
  for (unsigned int i = 0; i < length; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return true;
}

static bool hasher_end(hasher *h, dla_digest *digest)
{
  digest->md5[0] = '\0';
  return finish_one(h->sha256, digest->sha256) && (!h->md5 || finish_one(h->md5, digest->md5));
}

static dla_status add_range(hasher *h, int fd, const char *name, uint64_t offset, uint64_t size,
                            char *chunk, dla_error *err)
{
  while (size) {
    ssize_t got = pread(fd, chunk, size < CHUNK ? (size_t)size : CHUNK, (off_t)offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return dla_fail_errno(err, name, "read");
    if (got == 0) return dla_fail(err, DLA_E_IO, name, NULL, "became shorter while it was read");
    if (!hasher_add(h, chunk, (size_t)got))
      return dla_fail(err, DLA_E_INTERNAL, name, NULL, "libcrypto cannot compute a SHA-256");
    offset += (uint64_t)got;
    size -= (uint64_t)got;
  }
  return DLA_OK;
}

dla_status dla_digest_range(int fd, const char *name, uint64_t offset, uint64_t size,
                            dla_digest *digest, dla_error *err)
{
  hasher h;
  char *chunk = malloc(CHUNK);
  dla_status status = DLA_OK;
  if (!hasher_begin(&h) || !chunk) status = dla_fail_memory(err, "a checksum");
  if (!status) status = add_range(&h, fd, name, offset, size, chunk, err);
  if (!status && !hasher_end(&h, digest))
    status = dla_fail(err, DLA_E_INTERNAL, name, NULL, "libcrypto cannot compute a SHA-256");
  hasher_free(&h);
  free(chunk);
  return status;
}

dla_status dla_digest_file(const char *path, dla_digest *digest, uint64_t *size, dla_error *err)
{
  struct stat info;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return dla_fail_errno(err, path, "open");
  dla_status status = DLA_OK;
  if (fstat(fd, &info)) status = dla_fail_errno(err, path, "look at");
  if (!status) status = dla_digest_range(fd, path, 0, (uint64_t)info.st_size, digest, err);
  if (!status && size) *size = (uint64_t)info.st_size;
  close(fd);
  return status;
}
