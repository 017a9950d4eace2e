#ifndef DLA_STAGING_UNPACK_UNPACK_MOVE_H
#define DLA_STAGING_UNPACK_UNPACK_MOVE_H

#include "dla/status.h"

/* Renames everything in `from` into `to`, a folder of the same file system. A file replaces a file;
 * folders are merged. If a file meets a folder, nothing is moved. */
dla_status dla_unpack_move(const char *from, const char *to, dla_error *err);

#endif
