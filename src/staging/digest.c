#include "staging/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
  *h = (dla_hasher){0};
  if (kinds & DLA_DIGEST_SHA256) h->sha256 = begin_one(EVP_sha256());
  if (kinds & DLA_DIGEST_MD5) h->md5 = begin_one(EVP_md5());
  return h->sha256 || !(kinds & DLA_DIGEST_SHA256) ? DLA_OK : fail("SHA-256", err);
}

static bool add(dla_hasher *h, const void *bytes, size_t count)
{
  return (!h->sha256 || EVP_DigestUpdate(h->sha256, bytes, count)) &&
         (!h->md5 || EVP_DigestUpdate(h->md5, bytes, count));
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
  bool done = end_one(h->sha256, digest->sha256) && end_one(h->md5, digest->md5);
  return done ? DLA_OK : fail("checksum", err);
}

void dla_hasher_free(dla_hasher *h)
{
  EVP_MD_CTX_free(h->sha256);
  EVP_MD_CTX_free(h->md5);
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
