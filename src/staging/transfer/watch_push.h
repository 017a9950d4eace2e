#ifndef DLA_STAGING_TRANSFER_WATCH_PUSH_H
#define DLA_STAGING_TRANSFER_WATCH_PUSH_H

#include "staging/transfer/watched_files.h"

/* The destination of a watched folder's files. */
typedef struct dla_watch_target {
  const char *folder;
  dla_storage *dest;
  dla_objects remote; /* what dest held at the start; entries that were pushed since are no longer
                       * valid */
  dla_meter *meter;
} dla_watch_target;

/* Opens the file as it was seen, so that it can be pushed whatever has its name later. *from is the
 * descriptor, for the caller to close. It is -1 after an error, and if another file has the name by
 * now or none: that one will be looked at. */
dla_status dla_watch_open(const dla_watch_target *target, const dla_watched *file, int *from,
                          dla_error *err);
/* Pushes it, unless the target has the same bytes. *bytes is the number of bytes moved, or 0. On
 * success that version counts as pushed. DLA_E_IO: the file changed meanwhile; the target then
 * holds its old version, or one that the next push replaces. */
dla_status dla_watch_push(dla_watch_target *target, dla_watched *file, int from, uint64_t *bytes,
                          dla_error *err);

#endif
