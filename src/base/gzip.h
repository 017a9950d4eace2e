/* Reads a file from start to end, and decompresses it on the way if it is gzip. */
#ifndef DLA_BASE_GZIP_H
#define DLA_BASE_GZIP_H

#include <stddef.h>

#include "dla/status.h"

typedef struct dla_gzip dla_gzip;

dla_status dla_gzip_open(const char *path, dla_gzip **file, dla_error *err);

/* Reads up to size bytes. *count is 0 only at the end. A file that is cut short, or has a wrong
 * checksum, is an error. */
dla_status dla_gzip_read(dla_gzip *file, void *bytes, size_t size, size_t *count, dla_error *err);

void dla_gzip_close(dla_gzip *file);

#endif
