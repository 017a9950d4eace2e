/* A sweep's description of itself in its folder, for programs that have only the folder. */
#ifndef DLA_SWEEP_ABOUT_H
#define DLA_SWEEP_ABOUT_H

#include "sweep/sweep.h"

/* Writes DLA_SWEEP_FILE: metric, method and the names of the parameters. The folder must exist. */
dla_status dla_sweep_keep_about(const dla_sweep *sweep, dla_error *err);

#endif
