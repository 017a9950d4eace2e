/* CRCs: S3 has them as checksums of objects, TensorBoard as checksums of records. */
#ifndef DLA_BASE_CRC_H
#define DLA_BASE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* zlib computes only the first one. */
typedef enum dla_crc_kind { DLA_CRC32, DLA_CRC32C, DLA_CRC64NVME } dla_crc_kind;

/* Continues a CRC: `crc` is the CRC of the bytes before (0: none). */
uint64_t dla_crc(dla_crc_kind kind, uint64_t crc, const void *bytes, size_t count);

#endif
