/* What a run left that ended in the middle of something: killed, or by a power failure. */
#ifndef DLA_TRAIN_SETTLE_H
#define DLA_TRAIN_SETTLE_H

#include "config/config.h"

/* Removes its temporary files, and gives its last checkpoint, `out`, the name of the best if it is
 * the best. No other process may use the run's folder. */
dla_status dla_train_settle(const dla_config *config, const char *out, dla_error *err);

#endif
