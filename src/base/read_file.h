#ifndef DLA_BASE_READ_FILE_H
#define DLA_BASE_READ_FILE_H

#include <stddef.h>

#include "dla/status.h"

/* Reads a whole file (or pipe) that a user named: at most `limit` bytes. *bytes is followed
 * by a NUL that *length does not count; the caller frees it. On failure *bytes is NULL.
 * Errors: DLA_E_INPUT for a file that is missing, unreadable, a directory or longer than limit. */
dla_status dla_read_file(const char *path, size_t limit, char **bytes, size_t *length,
                         dla_error *err);

#endif
