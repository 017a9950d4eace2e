/* Lists both sides of a sync, and applies the filters. */
#ifndef DLA_STAGING_TRANSFER_SYNC_LISTS_H
#define DLA_STAGING_TRANSFER_SYNC_LISTS_H

#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/storage/storage.h"
#include "staging/transfer/filter.h"

typedef struct dla_sync {
  dla_storage *source, *dest;
  const char *source_folder, *dest_folder; /* the path if it is a folder, else NULL */
  const dla_stage_settings *settings;
  dla_meter *meter;
  const dla_filter *filters;
  size_t filter_count;
  bool dry_run, delete_gone;
  bool blind;  /* if the destination cannot be listed, move everything */
  bool strict; /* a key that cannot be a file name is an error, before anything is moved */
} dla_sync;

/* Lists both sides. Neither list has objects that the filters leave out. *skipped is the number of
 * objects that cannot be files; they are reported. */
dla_status dla_sync_lists(const dla_sync *sync, dla_objects *source, dla_objects *dest,
                          size_t *skipped, dla_error *err);

#endif
