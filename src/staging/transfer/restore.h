#ifndef DLA_STAGING_TRANSFER_RESTORE_H
#define DLA_STAGING_TRANSFER_RESTORE_H

#include "staging/transfer/stage.h"

typedef bool dla_stage_wanted(void *context, const char *key);

/* Gets the wanted objects below `source` (s3://...) that the folder does not have. It is no error
 * if there are none. */
dla_status dla_stage_restore(const char *source, const char *folder, dla_stage_wanted *wanted,
                             void *context, const dla_stage_settings *settings,
                             const dla_stage_observer *observer, dla_stage_outcome *outcome,
                             dla_error *err);

#endif
