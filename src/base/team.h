/* The threads that compute, and loops whose items they share (work stealing).
 *
 * Each thread starts with its own run of items, in order, so that it works on with the data in its
 * core's caches and near memory. A thread that is done takes over items that others have not begun.
 * The calling thread computes, too. It waits only for items that have begun, so a thread without a
 * processor delays the others by one item at most. (An OpenMP region ends only when all of its
 * threads have come, also those that find nothing left to do.) Any thread may compute an item, so
 * its result must not depend on the thread.
 *
 *   static void add_some(const void *context, dla_items *items)
 *   {
 *     const addition *a = context;
 *     for (int64_t i; dla_items_next(items, &i);)
 *       a->dst[i] = a->src[i] + a->other[i];
 *   }
 *
 *   dla_team_run(team, count, add_some, &addition);
 */
#ifndef DLA_BASE_TEAM_H
#define DLA_BASE_TEAM_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_team dla_team;
typedef struct dla_items dla_items;

/* Runs on every thread that joins: it takes items until there are none left. */
typedef void dla_loop(const void *context, dla_items *items);

/* A team is the calling thread and threads - 1 others. They sleep while there is nothing to do.
 * Fails where there cannot be so many (ulimit -u, a cgroup's pids.max). One thread at a time may
 * use a team.
 *
 * Where the team has as many threads as the process has processors, each gets one of its own. Else
 * Linux would put two threads that wake each other on one processor, and leave another processor
 * to other programs. Where the user decides (OMP_PROC_BIND, OMP_PLACES, GOMP_CPU_AFFINITY), each
 * thread gets one of the user's places. */
dla_status dla_team_create(int threads, dla_team **team, dla_error *err);
void dla_team_destroy(dla_team *team);

/* Here and below, NULL stands for a team of the calling thread alone. */
int dla_team_threads(const dla_team *team);

/* Runs the loop over the items 0 to count - 1. Returns when all of them are done. */
void dla_team_run(dla_team *team, int64_t count, dla_loop *loop, const void *context);

/* Gives the calling thread its next item; false: all have been taken. */
bool dla_items_next(dla_items *items, int64_t *item);
/* The thread's number, from 0 to threads - 1: it says which part of a scratchpad to use. */
int dla_items_thread(const dla_items *items);

/* enter() binds the calling thread to its own processor; leave() undoes it. Threads and processes
 * that it starts in between are bound to that processor, too. */
void dla_team_enter(dla_team *team);
void dla_team_leave(dla_team *team);

/* Binds the calling thread, one of OpenMP's, to the processor of thread k. Does nothing where the
 * user decides: OpenMP has bound it then. */
void dla_team_bind(const dla_team *team, int k);

#endif
