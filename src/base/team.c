#include "base/team.h"

#include <omp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static dla_status fail_few(int given, int threads, const char *why, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, "train.threads", "raise that limit, or lower train.threads",
                  "there can be %d thread%s where %d are asked for: %s", given,
                  given == 1 ? "" : "s", threads, why);
}

/* Of this process; 1 where the system does not tell. */
static int threads_now(void)
{
  char line[256];
  int count = 1;
  FILE *file = fopen("/proc/self/status", "re");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "Threads: %d", &count) == 1) break;
  if (file) fclose(file);
  return count;
}

static void *wait_for_post(void *post)
{
  while (sem_wait(post))
    ; /* only a signal wakes it before */
  return NULL;
}

/* How many threads the system lets there be at once, of `threads` with the calling one. */
static int try_threads(int threads)
{
  pthread_t *made = malloc((size_t)threads * sizeof *made);
  sem_t post;
  int count = 1;
  if (!made || sem_init(&post, 0, 0)) {
    free(made);
    return threads; /* not known */
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

static int team_size(void)
{
  int size = 1;
#pragma omp parallel
#pragma omp single
  size = omp_get_num_threads();
  return size;
}

dla_status dla_team_start(int threads, dla_error *err)
{
  char why[64];
  omp_set_dynamic(0);
  omp_set_max_active_levels(1);
  omp_set_num_threads(threads);
  if (omp_get_thread_limit() < threads) {
    snprintf(why, sizeof why, "OMP_THREAD_LIMIT=%d", omp_get_thread_limit());
    return fail_few(omp_get_thread_limit(), threads, why, err);
  }
  /* libgomp ends the process when it gets no thread, so others are made first. */
  int given = threads_now() < threads ? try_threads(threads) : threads;
  if (given < threads) return fail_few(given, threads, "ulimit -u, or pids.max of a cgroup", err);
  given = team_size();
  return given < threads ? fail_few(given, threads, "OpenMP gives no more", err) : DLA_OK;
}
