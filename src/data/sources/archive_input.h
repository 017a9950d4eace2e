/* Opens archives with libarchive; reports its errors, and verifies checksums. */
#ifndef DLA_DATA_SOURCES_ARCHIVE_INPUT_H
#define DLA_DATA_SOURCES_ARCHIVE_INPUT_H

#include <stddef.h>

#include <archive.h>

#include "dla/status.h"

typedef struct dla_archive_input dla_archive_input;

dla_status dla_archive_open(const char *path, dla_archive_input **input, dla_error *err);
/* Opens an archive in memory that is not gzip. libarchive returns uncompressed members as
 * pointers into it. */
dla_status dla_archive_open_bytes(const char *path, const void *bytes, size_t size,
                                  dla_archive_input **input, dla_error *err);
struct archive *dla_archive_reader(dla_archive_input *input);
/* Why libarchive failed at `what`: our own error if reading failed, else libarchive's message. */
dla_status dla_archive_failure(const dla_archive_input *input, const char *what, dla_error *err);
/* Reads the bytes after the archive's end, which may hold a checksum. */
dla_status dla_archive_drain(dla_archive_input *input, dla_error *err);
void dla_archive_close(dla_archive_input *input);

#endif
