/* dla/dist.h over MPI. Only the training thread calls it (MPI_THREAD_FUNNELED). */
#include <config.h>

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cpu_mask.h"
#include "dist/launcher.h"
#include "dla/dist.h"

struct dla_dist {
  int rank, size, sharers;
  char host[MPI_MAX_PROCESSOR_NAME];
  MPI_Request pending[DLA_DIST_PENDING];
  int pending_count;
  dla_dist_cost cost;
};

/* ---- Joining and leaving ---- */

/* Whether every rank has its memory. One that leaves alone would let the others wait for ever. */
static bool all_have(const void *memory)
{
  int fine = memory != NULL;
  MPI_Allreduce(MPI_IN_PLACE, &fine, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  return fine;
}

/* How many ranks on this host have the same affinity mask as this one; 0 where a rank has no
 * memory. If Linux does not tell the mask, it counts as one that all of them share. */
static int count_sharers(int rank)
{
  MPI_Comm host;
  dla_cpu_mask mine;
  int ranks = 1, sharers = 0;
  dla_cpu_mask_get(&mine);
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &host);
  MPI_Comm_size(host, &ranks);
  dla_cpu_mask *all = calloc((size_t)ranks, sizeof *all);
  if (all_have(all)) {
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE, host);
    for (int i = 0; i < ranks; i++)
      sharers += memcmp(&all[i], &mine, sizeof mine) == 0;
  }
  free(all);
  MPI_Comm_free(&host);
  return sharers;
}

static dla_status fill_in(dla_dist *dist, dla_error *err)
{
  int length = 0;
  if (!all_have(dist)) return dla_fail_memory(err, "the ranks");
  MPI_Comm_rank(MPI_COMM_WORLD, &dist->rank);
  MPI_Comm_size(MPI_COMM_WORLD, &dist->size);
  MPI_Get_processor_name(dist->host, &length);
  dist->sharers = count_sharers(dist->rank);
  if (!dist->sharers) return dla_fail_memory(err, "the ranks");
  if (dist->size == dla_dist_launched()) return DLA_OK;
  return dla_fail(
      err, DLA_E_UNSUPPORTED, NULL, "start it with the mpirun of the MPI that it was built with",
      "%d processes were started, but they find only %d of them", dla_dist_launched(), dist->size);
}

static dla_status join(dla_dist **out, dla_error *err)
{
  int provided = 0;
  const bool started = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) == MPI_SUCCESS;
  if (!started || provided < MPI_THREAD_FUNNELED) {
    if (started) MPI_Finalize();
    return dla_fail(err, DLA_E_UNSUPPORTED, NULL, "use an MPI with MPI_THREAD_FUNNELED",
                    "MPI does not start, or cannot be used with threads");
  }
  dla_dist *dist = calloc(1, sizeof *dist);
  dla_status status = fill_in(dist, err);
  if (!status) {
    *out = dist;
    return DLA_OK;
  }
  MPI_Finalize(); /* it waits for all ranks, and all of them come here */
  free(dist);
  return status;
}

const char *dla_dist_library(void)
{
#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)
  return "MPI " TEXT(MPI_VERSION) "." TEXT(MPI_SUBVERSION);
}

dla_status dla_dist_start(dla_dist **dist, dla_error *err)
{
  *dist = NULL;
  int launched = dla_dist_launched();
  if (launched == 1) return DLA_OK; /* MPI_Init takes at least 0.1 s */
  if (dla_launcher_speaks_mpi()) return join(dist, err);
  return dla_fail(err, DLA_E_UNSUPPORTED, NULL, "srun --mpi=pmix for one run on all of them",
                  "srun started %d processes that cannot reach one another", launched);
}

void dla_dist_finish(dla_dist *dist)
{
  if (!dist) return;
  MPI_Barrier(MPI_COMM_WORLD); /* MPI_Finalize need not wait for all */
  MPI_Finalize();
  free(dist);
}

void dla_dist_abort(dla_dist *dist, int exit_status)
{
  if (dist) MPI_Abort(MPI_COMM_WORLD, exit_status);
}

/* ---- Ranks ---- */

int dla_dist_rank(const dla_dist *dist)
{
  return dist ? dist->rank : 0;
}

int dla_dist_size(const dla_dist *dist)
{
  return dist ? dist->size : 1;
}

const char *dla_dist_host(const dla_dist *dist)
{
  return dist ? dist->host : "";
}

int dla_dist_sharers(const dla_dist *dist)
{
  return dist ? dist->sharers : 1;
}

/* ---- Calls that wait ---- */

/* MPI counts with int. */
enum { CHUNK = 1 << 28 };
enum { COLLECTED = 1 }; /* the only messages with a tag */

static int chunk_of(size_t left)
{
  return left < CHUNK ? (int)left : CHUNK;
}

void dla_dist_broadcast(dla_dist *dist, void *data, size_t bytes)
{
  if (!dist) return;
  for (size_t at = 0; at < bytes; at += CHUNK)
    MPI_Bcast((char *)data + at, chunk_of(bytes - at), MPI_BYTE, 0, MPI_COMM_WORLD);
}

static void send(const void *data, size_t bytes)
{
  for (size_t at = 0; at < bytes; at += CHUNK)
    MPI_Send((const char *)data + at, chunk_of(bytes - at), MPI_BYTE, 0, COLLECTED, MPI_COMM_WORLD);
}

static void receive(void *room, size_t bytes, int rank)
{
  for (size_t at = 0; at < bytes; at += CHUNK)
    MPI_Recv((char *)room + at, chunk_of(bytes - at), MPI_BYTE, rank, COLLECTED, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
}

void dla_dist_collect(dla_dist *dist, const void *data, size_t bytes, void *room,
                      dla_dist_take *take, void *context)
{
  if (!dist) return;
  if (dist->rank) send(data, bytes);
  for (int rank = 1; !dist->rank && rank < dist->size; rank++) {
    receive(room, bytes, rank);
    take(context, room);
  }
}

void dla_dist_sum(dla_dist *dist, double *values, size_t count)
{
  if (!dist) return;
  for (size_t at = 0; at < count; at += CHUNK)
    MPI_Allreduce(MPI_IN_PLACE, values + at, chunk_of(count - at), MPI_DOUBLE, MPI_SUM,
                  MPI_COMM_WORLD);
}

void dla_dist_sum_integers(dla_dist *dist, int64_t *values, size_t count)
{
  if (!dist) return;
  for (size_t at = 0; at < count; at += CHUNK)
    MPI_Allreduce(MPI_IN_PLACE, values + at, chunk_of(count - at), MPI_INT64_T, MPI_SUM,
                  MPI_COMM_WORLD);
}

bool dla_dist_any(dla_dist *dist, bool here)
{
  int64_t ranks = here;
  dla_dist_sum_integers(dist, &ranks, 1);
  return ranks > 0;
}

int dla_dist_first(dla_dist *dist, bool here)
{
  if (!dist) return here ? 0 : -1;
  int first = here ? dist->rank : dist->size;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  return first < dist->size ? first : -1;
}

double dla_dist_max(dla_dist *dist, double value)
{
  if (dist) MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return value;
}

/* ---- Sums in the background ---- */

void dla_dist_sum_start(dla_dist *dist, float *values, size_t count)
{
  if (!dist) return;
  double start = dla_clock();
  MPI_Iallreduce(MPI_IN_PLACE, values, (int)count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD,
                 &dist->pending[dist->pending_count++]);
  dist->cost.bytes += (double)count * sizeof *values;
  dist->cost.begun += dla_clock() - start;
}

void dla_dist_progress(dla_dist *dist)
{
  int done = 0;
  if (!dist || !dist->pending_count) return;
  double start = dla_clock();
  MPI_Testall(dist->pending_count, dist->pending, &done, MPI_STATUSES_IGNORE);
  if (done) dist->pending_count = 0;
  dist->cost.progress += dla_clock() - start;
}

void dla_dist_sum_wait(dla_dist *dist)
{
  if (!dist) return;
  double start = dla_clock();
  MPI_Waitall(dist->pending_count, dist->pending, MPI_STATUSES_IGNORE);
  dist->pending_count = 0;
  dist->cost.waited += dla_clock() - start;
}

dla_dist_cost dla_dist_cost_so_far(const dla_dist *dist)
{
  return dist ? dist->cost : (dla_dist_cost){0};
}
