/* What is on both sides of a sync, and what of it is meant. */
#ifndef DLA_STAGING_TRANSFER_SYNC_LISTS_H
#define DLA_STAGING_TRANSFER_SYNC_LISTS_H

#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/storage/storage.h"
#include "staging/transfer/filter.h"

typedef struct dla_sync {
  dla_storage *source, *dest;
  const char *source_folder, *dest_folder; /* its path where it is a folder, else NULL */
  const dla_stage_settings *settings;
  dla_meter *meter;
  const dla_filter *filters;
  size_t filter_count;
  bool dry_run, delete_gone;
  bool blind;  /* it may go on where the destination cannot be listed: all is moved then */
  bool strict; /* a key that cannot be the name of a file is an error, before anything is moved */
} dla_sync;

/* Lists both. What the filters leave out is in neither list. *skipped is how many objects cannot
 * be files, and are told. */
dla_status dla_sync_lists(const dla_sync *sync, dla_objects *source, dla_objects *dest,
                          size_t *skipped, dla_error *err);

#endif
