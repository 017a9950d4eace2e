#include <config.h> /* syscall, sched_setaffinity */

#include "base/scheduling.h"

#include <omp.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLICE_NS = 100000 }; /* the shortest slice that Linux allows */

struct dla_places {
  int count; /* 0: Linux decides */
  bool by_user;
  cpu_set_t before; /* the processors of the thread before it entered */
  cpu_set_t *place;
};

static dla_status allocate(dla_places *places, int count, dla_error *err)
{
  places->place = calloc((size_t)count, sizeof *places->place);
  if (!places->place) return dla_fail_memory(err, "a list of processors");
  places->count = count;
  return DLA_OK;
}

/* Adds the processors of one of OpenMP's places. Returns false where there is no memory. */
static bool add_place(int place, cpu_set_t *set)
{
  int count = omp_get_place_num_procs(place);
  int *ids = malloc(((size_t)count + 1) * sizeof *ids);
  if (!ids) return false;
  omp_get_place_proc_ids(place, ids);
  for (int i = 0; i < count; i++)
    if (ids[i] < CPU_SETSIZE) CPU_SET(ids[i], set);
  free(ids);
  return true;
}

void dla_unbind(void)
{
  cpu_set_t all;
  CPU_ZERO(&all);
  for (int place = 0; place < omp_get_num_places(); place++)
    if (!add_place(place, &all)) return;
  if (CPU_COUNT(&all)) sched_setaffinity(0, sizeof all, &all);
}

static dla_status read_users(dla_places *places, dla_error *err)
{
  dla_status status = allocate(places, omp_get_num_places(), err);
  places->by_user = true;
  for (int k = 0; k < places->count; k++)
    if (!add_place(k, &places->place[k])) return dla_fail_memory(err, "a list of processors");
  return status;
}

static dla_status give_one_each(const cpu_set_t *set, int threads, dla_places *places,
                                dla_error *err)
{
  dla_status status = allocate(places, threads, err);
  int k = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && !status; cpu++)
    if (CPU_ISSET(cpu, set)) CPU_SET(cpu, &places->place[k++]);
  return status;
}

dla_status dla_places_create(int threads, dla_places **places_out, dla_error *err)
{
  dla_places *places = calloc(1, sizeof *places);
  if (!places) return dla_fail_memory(err, "a list of processors");
  cpu_set_t set;
  dla_status status = DLA_OK;
  if (omp_get_num_places() > 0 && omp_get_proc_bind() != omp_proc_bind_false)
    status = read_users(places, err);
  else if (threads > 1 && sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) == threads)
    status = give_one_each(&set, threads, places, err);
  if (status)
    dla_places_destroy(places);
  else
    *places_out = places;
  return status;
}

void dla_places_destroy(dla_places *places)
{
  if (!places) return;
  free(places->place);
  free(places);
}

void dla_places_bind_thread(const dla_places *places, int k, pid_t thread)
{
  if (!places->count) return;
  sched_setaffinity(thread, sizeof *places->place, &places->place[k % places->count]);
}

void dla_places_bind(const dla_places *places, int k)
{
  dla_places_bind_thread(places, k, 0);
}

bool dla_places_by_user(const dla_places *places)
{
  return places->by_user;
}

/* Not where the user decides: libgomp has bound the first thread then, before main(). */
bool dla_places_are_own(const dla_places *places)
{
  return places->count && !places->by_user;
}

void dla_places_enter(dla_places *places, int k)
{
  if (dla_places_are_own(places) &&
      sched_getaffinity(0, sizeof places->before, &places->before) == 0)
    dla_places_bind(places, k);
}

void dla_places_leave(const dla_places *places)
{
  if (dla_places_are_own(places)) sched_setaffinity(0, sizeof places->before, &places->before);
}

/* struct sched_attr of <linux/sched/types.h>, which older headers lack. */
typedef struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
} scheduling;

static void ask_for_slices(uint64_t nanoseconds)
{
#ifdef SYS_sched_setattr
  scheduling s = {.size = sizeof s};
  if (syscall(SYS_sched_getattr, 0, &s, sizeof s, 0) || s.policy != SCHED_OTHER) return;
  s.runtime = nanoseconds;
  syscall(SYS_sched_setattr, 0, &s, 0);
#else
  (void)nanoseconds;
#endif
}

void dla_ask_for_short_slices(void)
{
  ask_for_slices(SLICE_NS);
}

void dla_ask_for_usual_slices(void)
{
  ask_for_slices(0);
}
