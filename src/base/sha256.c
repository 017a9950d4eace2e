#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct dla_sha256_stream {
  EVP_MD_CTX *context;
  bool failed;
};

dla_sha256_stream *dla_sha256_begin(void)
{
  dla_sha256_stream *stream = calloc(1, sizeof *stream);
  if (!stream) return NULL;
  stream->context = EVP_MD_CTX_new();
  stream->failed = !stream->context || !EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL);
  return stream;
}

void dla_sha256_add(dla_sha256_stream *stream, const void *bytes, size_t count)
{
  if (stream && !stream->failed) stream->failed = !EVP_DigestUpdate(stream->context, bytes, count);
}

dla_status dla_sha256_end(dla_sha256_stream *stream, char text[DLA_SHA256_TEXT], dla_error *err)
{
  if (!stream) return dla_fail_memory(err, "a SHA-256");
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  bool failed =
      stream->failed || !EVP_DigestFinal_ex(stream->context, digest, &length) || length != 32;
  EVP_MD_CTX_free(stream->context);
  free(stream);
  if (failed)
    return dla_fail(err, DLA_E_INTERNAL, NULL, NULL, "libcrypto cannot compute a SHA-256");
  for (unsigned int i = 0; i < length; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return DLA_OK;
}

dla_status dla_sha256(const void *bytes, size_t count, char text[DLA_SHA256_TEXT], dla_error *err)
{
  dla_sha256_stream *stream = dla_sha256_begin();
  dla_sha256_add(stream, bytes, count);
  return dla_sha256_end(stream, text, err);
}
