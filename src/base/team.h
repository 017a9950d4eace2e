/* The threads that compute: OpenMP's team of the calling thread. */
#ifndef DLA_BASE_TEAM_H
#define DLA_BASE_TEAM_H

#include "dla/status.h"

/* From here on every parallel region of the calling thread runs on so many threads, whatever
 * OMP_DYNAMIC, OMP_NESTED and OMP_MAX_ACTIVE_LEVELS say. Where there cannot be so many
 * (OMP_THREAD_LIMIT, ulimit -u, a cgroup's pids.max), it fails: oneDNN's primitives would wait for
 * the missing threads for ever, and libgomp would end the process. */
dla_status dla_team_start(int threads, dla_error *err);

#endif
