/* An archive as libarchive reads it, its errors, and its checksum. */
#ifndef DLA_DATA_SOURCES_ARCHIVE_INPUT_H
#define DLA_DATA_SOURCES_ARCHIVE_INPUT_H

#include <stddef.h>

#include <archive.h>

#include "dla/status.h"

typedef struct dla_archive_input dla_archive_input;

dla_status dla_archive_open(const char *path, dla_archive_input **input, dla_error *err);
/* One whose bytes are in memory, and is no gzip: what a member holds without compression libarchive
 * hands out where it lies. */
dla_status dla_archive_open_bytes(const char *path, const void *bytes, size_t size,
                                  dla_archive_input **input, dla_error *err);
struct archive *dla_archive_reader(dla_archive_input *input);
/* Why libarchive gave up on `what`: our own error if reading failed, else its words. */
dla_status dla_archive_failure(const dla_archive_input *input, const char *what, dla_error *err);
/* Reads what is behind the archive's end, where a checksum may be. */
dla_status dla_archive_drain(dla_archive_input *input, dla_error *err);
void dla_archive_close(dla_archive_input *input);

#endif
