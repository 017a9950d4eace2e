#include "base/crc.h"

#include <pthread.h>
#include <zlib.h>

/* Eight bytes a step (M. Kounavis, F. Berry, "A systematic approach to building high performance
 * software-based CRC generators", ISCC 2005). table[k][b] is the effect of byte b, k bytes before
 * the end of a step. */
typedef struct tables {
  uint64_t table[8][256];
} tables;

/* Computed once, constant afterwards. */
static tables castagnoli, nvme;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fill(tables *t, uint64_t polynomial)
{
  for (unsigned byte = 0; byte < 256; byte++) {
    uint64_t crc = byte;
    for (int bit = 0; bit < 8; bit++)
      crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
    t->table[0][byte] = crc;
  }
  for (int k = 1; k < 8; k++)
    for (unsigned byte = 0; byte < 256; byte++) {
      uint64_t crc = t->table[k - 1][byte];
      t->table[k][byte] = crc >> 8 ^ t->table[0][crc & 0xff];
    }
}

/* The polynomials of RFC 3720 and of the NVM Express specification, with their bits reversed. */
static void fill_all(void)
{
  fill(&castagnoli, 0x82f63b78);
  fill(&nvme, 0x9a6c9329ac4bc9b5);
}

static uint64_t add(const tables *t, uint64_t crc, const unsigned char *p, size_t count)
{
  for (; count >= 8; count -= 8, p += 8) {
    uint64_t next = 0;
    for (int k = 0; k < 8; k++)
      next |= (uint64_t)p[k] << 8 * k;
    crc ^= next;
    next = 0;
    for (int k = 0; k < 8; k++)
      next ^= t->table[7 - k][crc >> 8 * k & 0xff];
    crc = next;
  }
  for (; count; count--)
    crc = crc >> 8 ^ t->table[0][(crc ^ *p++) & 0xff];
  return crc;
}

uint64_t dla_crc(dla_crc_kind kind, uint64_t crc, const void *bytes, size_t count)
{
  if (kind == DLA_CRC32) return crc32_z((uLong)crc, bytes, count);
  pthread_once(&once, fill_all);
  uint64_t ones = kind == DLA_CRC32C ? UINT32_MAX : UINT64_MAX;
  return add(kind == DLA_CRC32C ? &castagnoli : &nvme, crc ^ ones, bytes, count) ^ ones;
}
