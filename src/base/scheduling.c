#include <config.h> /* syscall, SCHED_OTHER */

#include "base/scheduling.h"

#include <omp.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cpu_mask.h"

enum { SLICE_NS = 100000 }; /* the shortest slice that Linux allows */

struct dla_places {
  int count; /* 0: Linux decides */
  bool by_user;
  dla_cpu_mask before; /* the processors of the thread before it entered */
  dla_cpu_mask *place;
};

static dla_status allocate(dla_places *places, int count, dla_error *err)
{
  places->place = calloc((size_t)count, sizeof *places->place);
  if (!places->place) return dla_fail_memory(err, "a list of processors");
  places->count = count;
  return DLA_OK;
}

/* Adds the processors of one of OpenMP's places. Returns false where there is no memory. */
static bool add_place(int place, dla_cpu_mask *mask)
{
  int count = omp_get_place_num_procs(place);
  int *ids = malloc(((size_t)count + 1) * sizeof *ids);
  if (!ids) return false;
  omp_get_place_proc_ids(place, ids);
  for (int i = 0; i < count; i++)
    dla_cpu_mask_add(mask, ids[i]);
  free(ids);
  return true;
}

void dla_unbind(void)
{
  dla_cpu_mask all = {0};
  for (int place = 0; place < omp_get_num_places(); place++)
    if (!add_place(place, &all)) return;
  if (dla_cpu_mask_count(&all)) dla_cpu_mask_use(&all, 0);
}

static dla_status read_users(dla_places *places, dla_error *err)
{
  dla_status status = allocate(places, omp_get_num_places(), err);
  places->by_user = true;
  for (int k = 0; k < places->count; k++)
    if (!add_place(k, &places->place[k])) return dla_fail_memory(err, "a list of processors");
  return status;
}

static dla_status give_one_each(const dla_cpu_mask *mask, int threads, dla_places *places,
                                dla_error *err)
{
  dla_status status = allocate(places, threads, err);
  int k = 0;
  for (int cpu = 0; cpu < DLA_CPU_MASK_MOST && !status; cpu++)
    if (dla_cpu_mask_has(mask, cpu)) dla_cpu_mask_add(&places->place[k++], cpu);
  return status;
}

/* omp_get_proc_bind() says the same if the variable is not set. */
static bool user_declines(void)
{
  const char *bind = getenv("OMP_PROC_BIND");
  return bind && strcasecmp(bind, "false") == 0;
}

dla_status dla_places_create(int threads, dla_places **places_out, dla_error *err)
{
  dla_places *places = calloc(1, sizeof *places);
  if (!places) return dla_fail_memory(err, "a list of processors");
  dla_cpu_mask mask;
  dla_status status = DLA_OK;
  if (omp_get_num_places() > 0 && omp_get_proc_bind() != omp_proc_bind_false)
    status = read_users(places, err);
  else if (threads > 1 && !user_declines() && dla_cpu_mask_get(&mask) &&
           dla_cpu_mask_count(&mask) == threads)
    status = give_one_each(&mask, threads, places, err);
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
  dla_cpu_mask_use(&places->place[k % places->count], thread);
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
  if (dla_places_are_own(places) && dla_cpu_mask_get(&places->before)) dla_places_bind(places, k);
}

void dla_places_leave(const dla_places *places)
{
  if (dla_places_are_own(places) && dla_cpu_mask_count(&places->before))
    dla_cpu_mask_use(&places->before, 0);
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
