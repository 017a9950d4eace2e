/* Reads a file for libarchive in two stages: the first decompresses, the second reads the archive.
 * So what follows the archive's end, such as a checksum, is still read and verified. */
#ifndef DLA_STAGING_UNPACK_UNPACK_INPUT_H
#define DLA_STAGING_UNPACK_UNPACK_INPUT_H

#include <archive.h>
#include <stdbool.h>

#include "dla/status.h"

typedef struct dla_unpack_input dla_unpack_input;

dla_status dla_unpack_open(const char *path, const char *name, dla_unpack_input **input,
                           dla_error *err);
/* The archive to read entries from. Its format is "raw" if the content is no archive. */
struct archive *dla_unpack_archive(dla_unpack_input *input);
bool dla_unpack_is_compressed(const dla_unpack_input *input);
/* Reads what follows the archive's end. */
dla_status dla_unpack_drain(dla_unpack_input *input, dla_error *err);
/* The error that stopped libarchive. `what` says what was being read. */
dla_status dla_unpack_failure(const dla_unpack_input *input, const char *what, dla_error *err);
void dla_unpack_close(dla_unpack_input *input);

#endif
