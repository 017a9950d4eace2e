/* The threads that compute: OpenMP's team of the calling thread. */
#ifndef DLA_BASE_TEAM_H
#define DLA_BASE_TEAM_H

#include <stdbool.h>

#include "dla/status.h"

/* Where the team's threads run. */
typedef struct dla_team {
  bool bound; /* each on a processor of its own */
  int *cpus;  /* the process's, one a thread */
  int count;
} dla_team;

/* From here on every parallel region of the calling thread runs on so many threads, whatever
 * OMP_DYNAMIC, OMP_NESTED and OMP_MAX_ACTIVE_LEVELS say. Where there cannot be so many
 * (OMP_THREAD_LIMIT, ulimit -u, a cgroup's pids.max), it fails: oneDNN's primitives would wait for
 * the missing threads for ever, and libgomp would end the process.
 *
 * Where the team has as many threads as the process has processors, each gets one of its own,
 * unless the user decides it (OMP_PROC_BIND, OMP_PLACES, GOMP_CPU_AFFINITY). Else Linux puts two of
 * them that wake each other on one processor, and leaves another one to whoever else computes
 * there. */
dla_status dla_team_start(int threads, dla_team *team, dla_error *err);
void dla_team_free(dla_team *team);

/* The calling thread takes its own processor, and gives it up: threads and processes that it starts
 * in between would be bound to that one, too. */
void dla_team_enter(const dla_team *team);
void dla_team_leave(const dla_team *team);

#endif
