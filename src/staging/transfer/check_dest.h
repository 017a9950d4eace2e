/* Whether a destination takes what a run will push: tried before hours of computing depend on it.
 */
#ifndef DLA_STAGING_TRANSFER_CHECK_DEST_H
#define DLA_STAGING_TRANSFER_CHECK_DEST_H

#include "staging/observer.h"
#include "staging/settings.h"

/* What is put there for a moment. Where the key may not delete, it stays, and the next run replaces
 * it. */
#define DLA_WRITE_TEST ".dla-train-write-test"

/* Puts a small object to dest (s3://...) and deletes it again, if that is allowed.
 * DLA_E_INPUT, DLA_E_UNSUPPORTED: the key, bucket, region, clock or quota is wrong, and trying
 * again will not help. DLA_E_IO: it cannot be reached now. DLA_E_INTERRUPTED: by the observer. */
dla_status dla_stage_check_dest(const char *dest, const dla_stage_settings *settings,
                                const dla_stage_observer *observer, dla_error *err);

#endif
