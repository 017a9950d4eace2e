/* The orientation in EXIF data: one entry in the first directory of a TIFF 6.0. */
#include "picture/codec.h"

#include <string.h>

enum { ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY = 12 };

typedef struct tiff {
  const uint8_t *bytes;
  size_t size;
  bool little;
} tiff;

/* Reads a number; 0 if it is beyond the end. */
static uint32_t number(const tiff *t, size_t at, int bytes)
{
  uint32_t value = 0;
  if (at > t->size || t->size - at < (size_t)bytes) return 0;
  for (int i = 0; i < bytes; i++)
    value |= (uint32_t)t->bytes[at + (size_t)i] << 8 * (t->little ? i : bytes - 1 - i);
  return value;
}

int dla_exif_orientation(const uint8_t *bytes, size_t size)
{
  const tiff t = {bytes, size, size > 1 && bytes[0] == 'I'};
  if (size < 8 || (memcmp(bytes, "II*\0", 4) != 0 && memcmp(bytes, "MM\0*", 4) != 0)) return 1;
  const size_t directory = number(&t, 4, 4);
  const uint32_t entries = number(&t, directory, 2);
  for (uint32_t i = 0; i < entries; i++) {
    const size_t entry = directory + 2 + ENTRY * (size_t)i;
    if (entry >= size) break;
    if (number(&t, entry, 2) != ORIENTATION || number(&t, entry + 2, 2) != TYPE_SHORT) continue;
    const uint32_t value = number(&t, entry + 8, 2);
    return value >= 1 && value <= 8 ? (int)value : 1;
  }
  return 1;
}
