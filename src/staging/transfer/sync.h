/* Makes one storage equal to another; moves only what differs. */
#ifndef DLA_STAGING_TRANSFER_SYNC_H
#define DLA_STAGING_TRANSFER_SYNC_H

#include "staging/observer.h"
#include "staging/transfer/sync_lists.h"

/* Syncs all objects. An object that cannot be moved is reported, and the others are still moved.
 * With delete_gone, objects that the source no longer has are deleted, last, and only if both lists
 * are complete and everything was moved. */
dla_status dla_sync_all(const dla_sync *sync, dla_stage_outcome *outcome, dla_error *err);

/* Moves one object, to the name dest_key. */
dla_status dla_sync_one(const dla_sync *sync, const dla_object *object, const char *dest_key,
                        dla_stage_outcome *outcome, dla_error *err);

/* Whether the open file has the bytes of the remote object. It compares the ETag if that is an MD5,
 * else the SHA-256 that is stored with the object. */
dla_status dla_sync_same(int file, dla_storage *remote, const dla_object *object, bool *same,
                         dla_error *err);

#endif
