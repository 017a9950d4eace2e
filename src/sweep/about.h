/* What a sweep's folder says of the sweep, for who has only the folder. */
#ifndef DLA_SWEEP_ABOUT_H
#define DLA_SWEEP_ABOUT_H

#include "sweep/sweep.h"

/* Writes DLA_SWEEP_FILE: metric, method and the names of the parameters. The folder is there. */
dla_status dla_sweep_keep_about(const dla_sweep *sweep, dla_error *err);

#endif
