/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/. Where somebody might forge the
 * content, take base/sha256.h. */
#ifndef DLA_BASE_HASH_H
#define DLA_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define DLA_HASH_EMPTY UINT64_C(0xcbf29ce484222325)

/* Continues a hash with these bytes; begin with DLA_HASH_EMPTY. */
static inline uint64_t dla_hash(uint64_t hash, const void *bytes, size_t count)
{
  for (size_t i = 0; i < count; i++)
    hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
  return hash;
}

#endif
