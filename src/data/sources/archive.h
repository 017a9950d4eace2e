/* Reads members of an archive into memory; nothing is written to disk. */
#ifndef DLA_DATA_SOURCES_ARCHIVE_H
#define DLA_DATA_SOURCES_ARCHIVE_H

#include <stdbool.h>

#include "data/blob.h"

/* A file of the archive, or a link, which has the bytes of its target. */
typedef struct dla_archive_entry {
  char *path;   /* without "." and empty parts; owned */
  char *target; /* a link's target, as a path from the archive's top; owned */
  dla_blob blob;
  bool is_target;
} dla_archive_entry;

typedef struct dla_archive_files {
  dla_archive_entry *items;
  size_t count, capacity;
  char *inner; /* an archive inside the archive; NULL: none. Owned */
} dla_archive_files;

/* Is a file of this name (without its folders) wanted? */
typedef bool dla_archive_choose(const char *name);

/* Reads tar (plain, or compressed by gzip, bzip2, xz, zstd or lz4), zip and 7z. Entries are in
 * the order of the archive; if a path appears twice, the later one counts. */
dla_status dla_archive_read(const char *path, dla_archive_choose *choose, dla_archive_files *files,
                            dla_error *err);

void dla_archive_files_free(dla_archive_files *files);

#endif
