/* The ranks of a data-parallel run: processes that a launcher (mpirun, srun --mpi=pmix) started,
 * on one host or several. NULL is a single process. Every function accepts NULL, and does nothing
 * for it where one rank needs nothing.
 *
 * Unless noted, a function here is collective: every rank calls it, in the same order, from the
 * thread that trains. None can fail: a rank that cannot reach the others ends the job, as with
 * MPI_ERRORS_ARE_FATAL. */
#ifndef DLA_DIST_H
#define DLA_DIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_dist dla_dist;

/* The number of processes that the launcher says it started; 1 without a launcher. Not
 * collective: it only reads the environment. */
int dla_dist_launched(void);

/* The library that carries data between ranks, for --version: "MPI 3.1". */
const char *dla_dist_library(void);

/* Joins the other ranks; *dist stays NULL if there are none. DLA_E_UNSUPPORTED: there are other
 * ranks, but this build, or the way they were started, cannot reach them. */
dla_status dla_dist_start(dla_dist **dist, dla_error *err);
/* Leaves the other ranks. Waits until all ranks have called it. */
void dla_dist_finish(dla_dist *dist);
/* Ends all ranks at once with this exit status. Not collective; returns only for NULL. */
void dla_dist_abort(dla_dist *dist, int exit_status);

/* Not collective. */
int dla_dist_rank(const dla_dist *dist);
int dla_dist_size(const dla_dist *dist);
const char *dla_dist_host(const dla_dist *dist);
/* The number of ranks that use the same processors as this one: all of the host, unless each is
 * bound to its own. */
int dla_dist_sharers(const dla_dist *dist);

/* Copies rank 0's bytes to all ranks. */
void dla_dist_broadcast(dla_dist *dist, void *data, size_t bytes);
/* Copies the other ranks' bytes to rank 0, where take() gets each in turn, by number of the rank,
 * in `room` of so many bytes. Elsewhere room and take are not used. */
typedef void dla_dist_take(void *context, const void *data);
void dla_dist_collect(dla_dist *dist, const void *data, size_t bytes, void *room,
                      dla_dist_take *take, void *context);
/* Sums over all ranks. Every rank gets the same bits. */
void dla_dist_sum(dla_dist *dist, double *values, size_t count);
void dla_dist_sum_integers(dla_dist *dist, int64_t *values, size_t count);
/* Is the flag set on any rank? */
bool dla_dist_any(dla_dist *dist, bool here);
/* The lowest rank whose flag is set; -1: none. */
int dla_dist_first(dla_dist *dist, bool here);
/* The largest over all ranks. */
double dla_dist_max(dla_dist *dist, double value);

/* Begins to sum floats in place. Meanwhile the caller may compute something else, but must not
 * touch them. At most DLA_DIST_PENDING at a time. */
enum { DLA_DIST_PENDING = 64 };
void dla_dist_sum_start(dla_dist *dist, float *values, size_t count);
/* Lets the pending sums progress: MPI libraries move data only while they are called. Not
 * collective. */
void dla_dist_progress(dla_dist *dist);
/* Waits until all sums are done. */
void dla_dist_sum_wait(dla_dist *dist);

/* The cost of the sums of floats since the start. */
typedef struct dla_dist_cost {
  double bytes;    /* of the summed arrays */
  double begun;    /* seconds in dla_dist_sum_start() */
  double progress; /* in dla_dist_progress() */
  double waited;   /* in dla_dist_sum_wait(): not overlapped with computing */
} dla_dist_cost;
dla_dist_cost dla_dist_cost_so_far(const dla_dist *dist); /* not collective */

/* A rank's part of `count` things that all ranks share: consecutive, in the order of the ranks,
 * as equal as possible. Rank 0's is empty only if count is 0. */
typedef struct dla_share {
  size_t first, count;
} dla_share;
static inline dla_share dla_share_of(size_t count, int rank, int ranks)
{
  size_t r = (size_t)rank, n = (size_t)ranks;
  size_t first = count / n * r + (count % n * r + n - 1) / n;
  size_t end = count / n * (r + 1) + (count % n * (r + 1) + n - 1) / n;
  return (dla_share){first, end - first};
}

/* Gradient accumulation (train.accumulate): the number of parts for a step of `count` samples.
 * Each rank cuts its own share into the same number of parts. */
static inline int dla_parts_of(size_t count, int ranks, int most)
{
  size_t largest = dla_share_of(count, 0, ranks).count;
  return largest < (size_t)most ? (int)largest : most;
}

#endif
