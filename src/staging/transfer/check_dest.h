/* Whether a destination takes what a run will push: tried before hours of computing depend on it.
 */
#ifndef DLA_STAGING_TRANSFER_CHECK_DEST_H
#define DLA_STAGING_TRANSFER_CHECK_DEST_H

#include <stdbool.h>

#include "staging/observer.h"
#include "staging/settings.h"

/* What is put there for a moment. Where the key may not delete, it stays, and the next run replaces
 * it. */
#define DLA_WRITE_TEST ".dla-train-write-test"

/* Puts a small object to dest (s3://...) and deletes it again, if that is allowed. An error: the
 * key, bucket, region, clock or quota is wrong, and trying again will not help; or
 * DLA_E_INTERRUPTED, by the observer. What a store that cannot be reached now will say, nobody
 * knows: that is a warning, as everything is where the push is optional. warning->status is DLA_OK
 * where there is none. */
dla_status dla_stage_check_dest(const char *dest, const dla_stage_settings *settings,
                                const dla_stage_observer *observer, bool optional,
                                dla_error *warning, dla_error *err);

#endif
