/* What the environment says of how this process was started. */
#ifndef DLA_DIST_LAUNCHER_H
#define DLA_DIST_LAUNCHER_H

#include <stdbool.h>

/* Did the launcher leave what an MPI library needs to find the other ranks? */
bool dla_launcher_speaks_mpi(void);

#endif
