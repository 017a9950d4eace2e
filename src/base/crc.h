/* The CRCs that S3 knows as checksums of objects, and TensorBoard as those of records. */
#ifndef DLA_BASE_CRC_H
#define DLA_BASE_CRC_H

#include <stddef.h>
#include <stdint.h>

/* zlib has the first one only. */
typedef enum dla_crc_kind { DLA_CRC32, DLA_CRC32C, DLA_CRC64NVME } dla_crc_kind;

/* The CRC of what gave `crc` (nothing: 0) with these bytes behind it. */
uint64_t dla_crc(dla_crc_kind kind, uint64_t crc, const void *bytes, size_t count);

#endif
