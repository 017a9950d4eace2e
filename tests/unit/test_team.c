#include <config.h> /* sched_setaffinity */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <omp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cpu_mask.h"
#include "base/seats.h"
#include "base/team.h"

enum { MOST_ITEMS = 1000, MOST_THREADS = 140 /* more than there are runs */ };

/* How often each item was taken. Asserted by the main thread alone: cmocka's are no others'. */
static _Atomic int taken[MOST_ITEMS];
static _Atomic int strays; /* items or threads that there are not */
static _Atomic int came;   /* threads */

typedef struct loop {
  int64_t count;
  int threads;
} loop;

static void forget(void)
{
  for (int i = 0; i < MOST_ITEMS; i++)
    atomic_store(&taken[i], 0);
  atomic_store(&strays, 0);
  atomic_store(&came, 0);
}

static void take_all(const void *context, dla_items *items)
{
  const loop *l = context;
  if (dla_items_thread(items) < 0 || dla_items_thread(items) >= l->threads)
    atomic_fetch_add(&strays, 1);
  atomic_fetch_add(&came, 1);
  for (int64_t i; dla_items_next(items, &i);)
    if (i < 0 || i >= l->count)
      atomic_fetch_add(&strays, 1);
    else
      atomic_fetch_add(&taken[i], 1);
}

static void check_once_each(const loop *l)
{
  if (atomic_load(&strays)) fail_msg("%d that there are not", atomic_load(&strays));
  for (int i = 0; i < MOST_ITEMS; i++)
    if (atomic_load(&taken[i]) != (i < l->count))
      fail_msg("item %d of %d was taken %d times by %d threads", i, (int)l->count,
               atomic_load(&taken[i]), l->threads);
}

static dla_team *team_of(int threads)
{
  dla_team *team = NULL;
  dla_error error = {0};
  assert_int_equal(dla_team_create(threads, &team, &error), DLA_OK);
  assert_int_equal(dla_team_threads(team), threads);
  return team;
}

static const int64_t counts[] = {0, 1, 2, 3, 7, 8, 127, 128, 129, MOST_ITEMS};
enum { COUNTS = sizeof counts / sizeof *counts };

static void run_all_counts(dla_team *team)
{
  for (size_t c = 0; c < COUNTS; c++) {
    const loop l = {counts[c], dla_team_threads(team)};
    forget();
    dla_team_run(team, l.count, take_all, &l);
    check_once_each(&l);
  }
}

static void teams_of_any_size_take_each_item_once(void **state)
{
  (void)state;
  static const int sizes[] = {1, 2, 3, 5, 8, MOST_THREADS};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    dla_team *team = team_of(sizes[s]);
    run_all_counts(team);
    dla_team_destroy(team);
  }
}

static void no_team_is_the_calling_thread(void **state)
{
  (void)state;
  assert_int_equal(dla_team_threads(NULL), 1);
  run_all_counts(NULL);
}

/* Loops follow each other at once: who comes late finds another loop than the one it was woken for,
 * or none. */
static void many_short_loops_lose_nothing(void **state)
{
  (void)state;
  dla_team *team = team_of(4);
  for (int round = 0; round < 20000; round++) {
    const loop l = {1 + round % 7, 4};
    forget();
    dla_team_run(team, l.count, take_all, &l);
    check_once_each(&l);
  }
  dla_team_destroy(team);
}

typedef struct waiting {
  int wanted; /* threads */
} waiting;

/* Holds its item until so many have come. */
static void wait_for_others(const void *context, dla_items *items)
{
  const waiting *w = context;
  atomic_fetch_add(&came, 1);
  for (int64_t i; dla_items_next(items, &i);)
    while (atomic_load(&came) < w->wanted)
      sched_yield();
}

static void all_threads_come_where_there_is_time(void **state)
{
  (void)state;
  dla_team *team = team_of(3);
  for (int round = 0; round < 100; round++) {
    forget();
    dla_team_run(team, 3, wait_for_others, &(waiting){3});
    assert_int_equal(atomic_load(&came), 3);
  }
  dla_team_destroy(team);
}

static _Atomic int first_items[2];

static void take_one(const void *context, dla_items *items)
{
  (void)context;
  int64_t i = -1;
  if (dla_items_next(items, &i) && dla_items_thread(items) < 2)
    atomic_store(&first_items[dla_items_thread(items)], (int)i);
  atomic_fetch_add(&came, 1);
  while (atomic_load(&came) < 2)
    sched_yield();
  while (dla_items_next(items, &i))
    ;
}

/* A thread begins with its own run: its caches hold it. */
static void own_run_comes_first(void **state)
{
  (void)state;
  dla_team *team = team_of(2);
  forget();
  dla_team_run(team, 10, take_one, NULL);
  assert_int_equal(atomic_load(&first_items[0]), 0);
  assert_int_equal(atomic_load(&first_items[1]), 5);
  dla_team_destroy(team);
}

/* ---- Seats */

static int processor_of(pid_t thread)
{
  cpu_set_t set;
  if (sched_getaffinity(thread, sizeof set, &set) || CPU_COUNT(&set) != 1) return -1;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, &set)) return cpu;
  return -1;
}

/* The first two processors for this process, `before` those that it had. False: it has one. */
static bool take_two_processors(cpu_set_t *before, int cpu[2])
{
  cpu_set_t two;
  int found = 0;
  CPU_ZERO(&two);
  assert_int_equal(sched_getaffinity(0, sizeof *before, before), 0);
  for (int k = 0; k < CPU_SETSIZE && found < 2; k++)
    if (CPU_ISSET(k, before)) CPU_SET(cpu[found++] = k, &two);
  return found == 2 && sched_setaffinity(0, sizeof two, &two) == 0;
}

typedef struct other {
  dla_seats *seats;
  bool computes;
  int to_main[2], from_main[2];
  pid_t thread;
} other;

/* Says that it computes, or not, and stands still. */
static void *stand_still(void *context)
{
  other *o = context;
  char byte = 0;
  dla_seats_take(o->seats, 1);
  dla_seats_compute(o->seats, 1, o->computes);
  o->thread = (pid_t)syscall(SYS_gettid);
  if (write(o->to_main[1], &byte, 1) == 1 && read(o->from_main[0], &byte, 1) == 1)
    dla_seats_settle(o->seats, 1);
  return NULL;
}

/* The processors of the main thread, [0], and of another that stands still, after an offer. */
static void offer_to(bool computes, int after[2])
{
  other o = {.computes = computes};
  dla_error error = {0};
  pthread_t handle;
  char byte = 0;
  assert_int_equal(dla_seats_create(2, &o.seats, &error), DLA_OK);
  assert_int_equal(pipe(o.to_main) | pipe(o.from_main), 0);
  dla_seats_enter(o.seats, 0);
  assert_int_equal(pthread_create(&handle, NULL, stand_still, &o), 0);
  assert_int_equal(read(o.to_main[0], &byte, 1), 1);
  /* It may still be on its way into read(). */
  for (int i = 0; i < 10000 && processor_of(o.thread) == after[1]; i++)
    dla_seats_offer(o.seats, 0);
  dla_seats_settle(o.seats, 0);
  after[0] = processor_of(0);
  after[1] = processor_of(o.thread);
  assert_int_equal(write(o.from_main[1], &byte, 1), 1);
  pthread_join(handle, NULL);
  dla_seats_leave(o.seats, 0);
  for (int k = 0; k < 2; k++) {
    close(o.to_main[k]);
    close(o.from_main[k]);
  }
  dla_seats_destroy(o.seats);
}

static void who_waits_gives_its_processor_to_who_computes(void **state)
{
  (void)state;
  cpu_set_t before;
  int cpu[2];
  if (omp_get_num_places() > 0 || !take_two_processors(&before, cpu)) skip();
  int after[2] = {cpu[0], cpu[1]};
  offer_to(true, after);
  assert_int_equal(after[0], cpu[1]);
  assert_int_equal(after[1], cpu[0]);
  int same[2] = {cpu[0], cpu[1]};
  offer_to(false, same);
  assert_int_equal(same[0], cpu[0]);
  assert_int_equal(same[1], cpu[1]);
  sched_setaffinity(0, sizeof before, &before);
}

static void masks_of_large_machines(void **state)
{
  (void)state;
  static const int cpus[] = {0, 63, 64, 1023, 1024, DLA_CPU_MASK_MOST - 1};
  enum { CPUS = sizeof cpus / sizeof *cpus };
  dla_cpu_mask mask = {0};
  for (int i = 0; i < CPUS; i++) {
    assert_false(dla_cpu_mask_has(&mask, cpus[i]));
    dla_cpu_mask_add(&mask, cpus[i]);
    assert_true(dla_cpu_mask_has(&mask, cpus[i]));
  }
  dla_cpu_mask_add(&mask, -1);
  dla_cpu_mask_add(&mask, DLA_CPU_MASK_MOST);
  assert_int_equal(dla_cpu_mask_count(&mask), CPUS);
  assert_true(dla_cpu_mask_get(&mask) && dla_cpu_mask_count(&mask) > 0 &&
              dla_cpu_mask_use(&mask, 0));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(teams_of_any_size_take_each_item_once),
      cmocka_unit_test(no_team_is_the_calling_thread),
      cmocka_unit_test(many_short_loops_lose_nothing),
      cmocka_unit_test(all_threads_come_where_there_is_time),
      cmocka_unit_test(own_run_comes_first),
      cmocka_unit_test(who_waits_gives_its_processor_to_who_computes),
      cmocka_unit_test(masks_of_large_machines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
