#ifndef DLA_STAGING_TRANSFER_WATCH_PUSH_H
#define DLA_STAGING_TRANSFER_WATCH_PUSH_H

#include "staging/transfer/watched_files.h"

/* Where the files of a watched folder go. */
typedef struct dla_watch_target {
  const char *folder;
  dla_storage *dest;
  dla_objects remote; /* what dest held at the start; what was pushed since is no more known */
  dla_meter *meter;
} dla_watch_target;

/* Pushes the file as it was seen, unless the target holds the same. *bytes is what was moved, or 0.
 * On success that version counts as pushed, whatever has its name by now. DLA_E_IO: it changed
 * meanwhile. Then the target holds what it held, or a version that the next push replaces.
 * *superseded: another file has the name, and nothing was pushed. */
dla_status dla_watch_push(dla_watch_target *target, dla_watched *file, uint64_t *bytes,
                          bool *superseded, dla_error *err);

#endif
