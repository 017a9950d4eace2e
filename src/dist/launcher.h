/* What the environment says about how this process was started. */
#ifndef DLA_DIST_LAUNCHER_H
#define DLA_DIST_LAUNCHER_H

#include <stdbool.h>

/* Whether the launcher set what an MPI library needs to find the other ranks. */
bool dla_launcher_speaks_mpi(void);

#endif
