#include <config.h> /* syscall */

#include "base/team.h"

#include <omp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLICE_NS = 100000 }; /* the shortest that there is */

static dla_status fail_few(int given, int threads, const char *why, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, "train.threads", "raise that limit, or lower train.threads",
                  "there can be %d thread%s where %d are asked for: %s", given,
                  given == 1 ? "" : "s", threads, why);
}

static void *wait_for_post(void *post)
{
  while (sem_wait(post))
    ; /* only a signal wakes it before */
  return NULL;
}

/* How many threads the system lets there be at once, of `threads` with the calling one; 0: no
 * memory.
 */
static int try_threads(int threads)
{
  pthread_t *made = malloc((size_t)threads * sizeof *made);
  sem_t post;
  int count = 1;
  if (!made) return 0;
  if (sem_init(&post, 0, 0)) {
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

/* struct sched_attr of <linux/sched/types.h>, which older headers lack. */
typedef struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
} scheduling;

/* Asks for short slices, more of them: so a thread that wakes up on a processor that is shared gets
 * it at once instead of when the other one's slice ends, 3 ms later, and all others of the team
 * wait for it no longer than that. Its share of the time stays what it was. Linux 6.12 and later;
 * others ignore it (https://docs.kernel.org/scheduler/sched-eevdf.html). */
static void ask_for_short_slices(void)
{
#ifdef SYS_sched_setattr
  scheduling s = {.size = sizeof s};
  if (syscall(SYS_sched_getattr, 0, &s, sizeof s, 0) || s.policy != SCHED_OTHER) return;
  s.runtime = SLICE_NS;
  syscall(SYS_sched_setattr, 0, &s, 0);
#endif
}

/* ---- Processors */

static bool user_binds(void)
{
  return getenv("OMP_PROC_BIND") || getenv("OMP_PLACES") || getenv("GOMP_CPU_AFFINITY");
}

/* The processors, if they are as many as the threads. */
static dla_status find_processors(int threads, dla_team *team, dla_error *err)
{
  cpu_set_t set;
  if (threads < 2 || user_binds() || sched_getaffinity(0, sizeof set, &set) ||
      CPU_COUNT(&set) != threads)
    return DLA_OK;
  team->cpus = malloc((size_t)threads * sizeof *team->cpus);
  if (!team->cpus) return dla_fail_memory(err, "a list of processors");
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, &set)) team->cpus[team->count++] = cpu;
  team->bound = true;
  return DLA_OK;
}

/* On `count` of the processors, from `first` on. One that is refused changes the speed only. */
static void run_on(const dla_team *team, int first, int count)
{
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int k = first; k < first + count; k++)
    CPU_SET(team->cpus[k], &set);
  sched_setaffinity(0, sizeof set, &set);
}

void dla_team_enter(const dla_team *team)
{
  if (team->bound) run_on(team, 0, 1);
}

void dla_team_leave(const dla_team *team)
{
  if (team->bound) run_on(team, 0, team->count);
}

/* ---- The team */

static int begin_threads(const dla_team *team)
{
  int size = 1;
#pragma omp parallel
  {
    ask_for_short_slices();
    if (team->bound && omp_get_thread_num() > 0) run_on(team, omp_get_thread_num(), 1);
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
    return fail_few(omp_get_thread_limit(), threads, why, err);
  }
  /* libgomp ends the process when it gets no thread, so others are made first. */
  int given = threads > 1 ? try_threads(threads) : 1;
  if (!given) return dla_fail_memory(err, "a list of threads");
  if (given < threads) return fail_few(given, threads, "ulimit -u, or pids.max of a cgroup", err);
  return DLA_OK;
}

dla_status dla_team_start(int threads, dla_team *team, dla_error *err)
{
  *team = (dla_team){0};
  omp_set_dynamic(0);
  omp_set_max_active_levels(1);
  omp_set_num_threads(threads);
  dla_status status = check_limits(threads, err);
  if (!status) status = find_processors(threads, team, err);
  if (status) return status;
  int given = begin_threads(team);
  return given < threads ? fail_few(given, threads, "OpenMP gives no more", err) : DLA_OK;
}

void dla_team_free(dla_team *team)
{
  free(team->cpus);
  *team = (dla_team){0};
}
