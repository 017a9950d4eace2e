#include "backend/onednn/openmp.h"

#include <omp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/scheduling.h"
#include "base/start_thread.h"

static void *wait_for_post(void *post)
{
  while (sem_wait(post))
    ; /* a signal may wake it early */
  return NULL;
}

/* The number of threads that the system allows at once, up to `threads`, the caller included. 0:
 * no memory. */
static int try_threads(int threads)
{
  pthread_t *made = malloc((size_t)threads * sizeof *made);
  sem_t post;
  int count = 1;
  if (!made) return 0;
  if (sem_init(&post, 0, 0)) {
    free(made);
    return threads; /* unknown: assume all */
  }
  while (count < threads && pthread_create(&made[count], NULL, wait_for_post, &post) == 0)
    count++;
  for (int k = 1; k < count; k++)
    sem_post(&post);
  for (int k = 1; k < count; k++)
    pthread_join(made[k], NULL);
  sem_destroy(&post);
  free(made);
  return count;
}

static int begin_threads(const dla_team *team)
{
  int size = 1;
#pragma omp parallel
  {
    dla_ask_for_short_slices();
    if (omp_get_thread_num() > 0) dla_team_bind(team, omp_get_thread_num());
#pragma omp single
    size = omp_get_num_threads();
  }
  return size;
}

static dla_status check_limits(int threads, dla_error *err)
{
  char why[64];
  if (omp_get_thread_limit() < threads) {
    snprintf(why, sizeof why, "OMP_THREAD_LIMIT=%d", omp_get_thread_limit());
    return dla_fail_few_threads(omp_get_thread_limit(), threads, why, err);
  }
  /* libgomp ends the process if it cannot create a thread, so try with plain threads first. */
  int given = threads > 1 ? try_threads(threads) : 1;
  if (!given) return dla_fail_memory(err, "a list of threads");
  if (given < threads) return dla_fail_few_threads(given, threads, DLA_THREAD_LIMITS, err);
  return DLA_OK;
}

dla_status onednn_settle_openmp(const dla_team *team, dla_error *err)
{
  int threads = dla_team_threads(team);
  omp_set_dynamic(0);
  omp_set_max_active_levels(1);
  omp_set_num_threads(threads);
  dla_status status = check_limits(threads, err);
  if (status) return status;
  int given = begin_threads(team);
  return given < threads ? dla_fail_few_threads(given, threads, "OpenMP gives no more", err)
                         : DLA_OK;
}
