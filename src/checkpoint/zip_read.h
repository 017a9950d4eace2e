/* The zip archives that torch.save writes, and what other programs make of them: members may be
 * compressed, and folders and macOS's files lie beside them. */
#ifndef DLA_CHECKPOINT_ZIP_READ_H
#define DLA_CHECKPOINT_ZIP_READ_H

#include <stdint.h>

#include "dla/status.h"

#include <stddef.h>

typedef struct dla_zip_member {
  char *name;
  uint8_t *bytes;
  size_t size;
} dla_zip_member;

typedef struct dla_zip dla_zip;

/* Reads all members, and verifies their CRC-32. The memory that they need is bounded by the
 * archive's size; what comes twice is refused. */
dla_status dla_zip_read(const char *where, const void *bytes, size_t count, dla_zip **zip,
                        dla_error *err);
void dla_zip_free(void *zip);

/* NULL if there is none. */
const dla_zip_member *dla_zip_find(const dla_zip *zip, const char *name);
/* The first, by name, whose name ends so. */
const dla_zip_member *dla_zip_find_end(const dla_zip *zip, const char *end);

#endif
