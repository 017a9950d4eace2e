/* OpenMP's threads, on which oneDNN's own primitives compute. */
#ifndef DLA_ONEDNN_OPENMP_H
#define DLA_ONEDNN_OPENMP_H

#include "base/team.h"
#include "dla/status.h"

/* From now on, every parallel region of the calling thread has as many threads as the team, each
 * bound to the team's processor. OMP_DYNAMIC, OMP_NESTED and OMP_MAX_ACTIVE_LEVELS do not matter.
 * It fails if the system allows fewer threads (OMP_THREAD_LIMIT, ulimit -u, a cgroup's pids.max):
 * oneDNN's primitives would wait for the missing ones forever, and libgomp would end the
 * process. */
dla_status onednn_settle_openmp(const dla_team *team, dla_error *err);

#endif
