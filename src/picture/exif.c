/* The orientation in EXIF data: one entry in the first directory of a TIFF 6.0. */
#include "picture/codec.h"

#include <string.h>

enum { ORIENTATION = 0x0112, ENTRY = 12 };
/* EXIF wants a short. Some programs write a byte or a long, which others read, too. */
enum { TYPE_BYTE = 1, TYPE_SHORT = 3, TYPE_LONG = 4 };

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

/* Bytes of a number of this type; 0: no orientation has it. */
static int size_of(uint32_t type)
{
  return type == TYPE_BYTE ? 1 : type == TYPE_SHORT ? 2 : type == TYPE_LONG ? 4 : 0;
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
    const int width = size_of(number(&t, entry + 2, 2));
    if (number(&t, entry, 2) != ORIENTATION || !width) continue;
    const uint32_t value = number(&t, entry + 8, width);
    return value >= 1 && value <= 8 ? (int)value : 1;
  }
  return 1;
}
