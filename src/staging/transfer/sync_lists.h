/* What is on both sides of a sync, and what of it is meant. */
#ifndef DLA_STAGING_TRANSFER_SYNC_LISTS_H
#define DLA_STAGING_TRANSFER_SYNC_LISTS_H

#include "staging/transfer/sync.h"

/* Lists both. What the filters leave out is in neither list. *skipped is how many objects cannot
 * be files, and are told. */
dla_status dla_sync_lists(const dla_sync *sync, dla_objects *source, dla_objects *dest,
                          size_t *skipped, dla_error *err);

#endif
