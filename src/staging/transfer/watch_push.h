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

/* Pushes the file as it was seen, unless the target has the same bytes. *bytes is the number of
 * bytes moved, or 0. On success that version counts as pushed, whatever has its name by now.
 * DLA_E_IO: the file changed meanwhile; the target then holds its old version, or one that the next
 * push replaces. *superseded: another file has the name, and nothing was pushed. */
dla_status dla_watch_push(dla_watch_target *target, dla_watched *file, uint64_t *bytes,
                          bool *superseded, dla_error *err);

#endif
