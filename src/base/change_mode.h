#ifndef DLA_BASE_CHANGE_MODE_H
#define DLA_BASE_CHANGE_MODE_H

#include "dla/status.h"

/* chmod -R; follows no links. */
dla_status dla_change_modes(const char *folder, unsigned mode, dla_error *err);

#endif
