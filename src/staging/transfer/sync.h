/* Makes one storage hold what another one holds, moving only what differs. */
#ifndef DLA_STAGING_TRANSFER_SYNC_H
#define DLA_STAGING_TRANSFER_SYNC_H

#include "staging/observer.h"
#include "staging/transfer/sync_lists.h"

/* Everything in the source. What cannot be moved is told, and the others are moved. What is gone in
 * the source is deleted only with delete_gone, only when both lists are whole and everything was
 * moved, and last. */
dla_status dla_sync_all(const dla_sync *sync, dla_stage_outcome *outcome, dla_error *err);

/* One object, under the name dest_key. */
dla_status dla_sync_one(const dla_sync *sync, const dla_object *object, const char *dest_key,
                        dla_stage_outcome *outcome, dla_error *err);

/* Does the open file hold the bytes of the remote object? By its ETag where that is an MD5, else by
 * the SHA-256 that is stored with it. */
dla_status dla_sync_same(int file, dla_storage *remote, const dla_object *object, bool *same,
                         dla_error *err);

#endif
