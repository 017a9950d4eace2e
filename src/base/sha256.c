#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdio.h>

dla_status dla_sha256(const void *bytes, size_t count, char text[DLA_SHA256_TEXT], dla_error *err)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (!EVP_Digest(bytes, count, digest, &length, EVP_sha256(), NULL) || length != 32)
    return dla_fail(err, DLA_E_INTERNAL, NULL, NULL, "libcrypto cannot compute a SHA-256");
  for (unsigned int i = 0; i < length; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return DLA_OK;
}
