/* Checks that a destination accepts what a run will push, before hours of computing depend on
 * it. */
#ifndef DLA_STAGING_TRANSFER_CHECK_DEST_H
#define DLA_STAGING_TRANSFER_CHECK_DEST_H

#include <stdbool.h>

#include "staging/observer.h"
#include "staging/settings.h"

/* The object that is put there for a moment. Where the key may not delete, it stays, and the next
 * run replaces it. */
#define DLA_WRITE_TEST ".dla-train-write-test"

/* Puts a small object to dest (s3://...) and deletes it again, if that is allowed. It fails if the
 * key, bucket, region, clock or quota is wrong, so that trying again will not help; or with
 * DLA_E_INTERRUPTED, if the observer stops it. If the store cannot be reached now, that is a
 * warning, because it may be reachable later. Where the push is optional, every failure is a
 * warning. warning->status is DLA_OK where there is no warning. */
dla_status dla_stage_check_dest(const char *dest, const dla_stage_settings *settings,
                                const dla_stage_observer *observer, bool optional,
                                dla_error *warning, dla_error *err);

#endif
