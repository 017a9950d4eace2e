/* OpenMP's threads, which oneDNN's own primitives compute with. */
#ifndef DLA_ONEDNN_OPENMP_H
#define DLA_ONEDNN_OPENMP_H

#include "base/team.h"
#include "dla/status.h"

/* From here on every region of the calling thread has as many threads as the team, each on the
 * processor of the team's, whatever OMP_DYNAMIC, OMP_NESTED and OMP_MAX_ACTIVE_LEVELS say. Where
 * there cannot be so many (OMP_THREAD_LIMIT, ulimit -u, a cgroup's pids.max), it fails: oneDNN's
 * primitives would wait for the missing ones for ever, and libgomp would end the process. */
dla_status onednn_settle_openmp(const dla_team *team, dla_error *err);

#endif
