/* dla/dist.h for a build without MPI. There is only one process; its dla_dist is NULL. */
#include "dla/dist.h"

const char *dla_dist_library(void)
{
  return "one";
}

dla_status dla_dist_start(dla_dist **dist, dla_error *err)
{
  *dist = NULL;
  int launched = dla_dist_launched();
  if (launched == 1) return DLA_OK;
  return dla_fail(err, DLA_E_UNSUPPORTED, NULL,
                  "start one process, or install libopenmpi-dev and configure again",
                  "%d processes were started, but this build has no MPI", launched);
}

void dla_dist_finish(dla_dist *dist)
{
  (void)dist;
}

void dla_dist_abort(dla_dist *dist, int exit_status)
{
  (void)dist, (void)exit_status;
}

int dla_dist_rank(const dla_dist *dist)
{
  (void)dist;
  return 0;
}

int dla_dist_size(const dla_dist *dist)
{
  (void)dist;
  return 1;
}

const char *dla_dist_host(const dla_dist *dist)
{
  (void)dist;
  return "";
}

int dla_dist_sharers(const dla_dist *dist)
{
  (void)dist;
  return 1;
}

void dla_dist_broadcast(dla_dist *dist, void *data, size_t bytes)
{
  (void)dist, (void)data, (void)bytes;
}

void dla_dist_collect(dla_dist *dist, const void *data, size_t bytes, void *room,
                      dla_dist_take *take, void *context)
{
  (void)dist, (void)data, (void)bytes, (void)room, (void)take, (void)context;
}

void dla_dist_sum(dla_dist *dist, double *values, size_t count)
{
  (void)dist, (void)values, (void)count;
}

void dla_dist_sum_integers(dla_dist *dist, int64_t *values, size_t count)
{
  (void)dist, (void)values, (void)count;
}

bool dla_dist_any(dla_dist *dist, bool here)
{
  (void)dist;
  return here;
}

int dla_dist_first(dla_dist *dist, bool here)
{
  (void)dist;
  return here ? 0 : -1;
}

double dla_dist_max(dla_dist *dist, double value)
{
  (void)dist;
  return value;
}

void dla_dist_sum_start(dla_dist *dist, float *values, size_t count)
{
  (void)dist, (void)values, (void)count;
}

void dla_dist_progress(dla_dist *dist)
{
  (void)dist;
}

void dla_dist_sum_wait(dla_dist *dist)
{
  (void)dist;
}

dla_dist_cost dla_dist_cost_so_far(const dla_dist *dist)
{
  (void)dist;
  return (dla_dist_cost){0};
}
