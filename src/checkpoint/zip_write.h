/* A zip archive as torch.save writes it: stored members, aligned to 64 bytes.
 *
 * libarchive is not used: its zip writer (3.6, archive_write_set_format_zip.c) puts sizes and
 * CRC-32 after a member's bytes, and cannot pad the header before them. */
#ifndef DLA_CHECKPOINT_ZIP_WRITE_H
#define DLA_CHECKPOINT_ZIP_WRITE_H

#include <stdint.h>

#include "base/atomic_file.h"
#include "base/strbuf.h"

typedef struct dla_zip_writer {
  dla_atomic_file *file;
  const char *path;
  uint64_t offset; /* bytes written so far */
  size_t count;    /* members */
  dla_strbuf directory;
} dla_zip_writer;

dla_status dla_zip_add(dla_zip_writer *zip, const char *name, const void *bytes, size_t size,
                       dla_error *err);
/* Writes the directory, which comes after all members. */
dla_status dla_zip_finish(dla_zip_writer *zip, dla_error *err);

#endif
