#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>

#include <cmocka.h>

#include "base/work.h"

enum { MOST_ITEMS = 1000, MOST_THREADS = 8 };

/* How often each item was taken. Asserted by the main thread alone: cmocka's are no others'. */
static _Atomic int taken[MOST_ITEMS];
static _Atomic int strays; /* items that are none */

static void forget(void)
{
  for (int i = 0; i < MOST_ITEMS; i++)
    atomic_store(&taken[i], 0);
  atomic_store(&strays, 0);
}

static void take_all(dla_work *work, int64_t count)
{
  for (int64_t i; dla_work_next(work, &i);)
    if (i < 0 || i >= count)
      atomic_fetch_add(&strays, 1);
    else
      atomic_fetch_add(&taken[i], 1);
}

static void check_once_each(int64_t count, int asked, int came)
{
  if (atomic_load(&strays)) fail_msg("%d items that there are not", atomic_load(&strays));
  for (int i = 0; i < MOST_ITEMS; i++)
    if (atomic_load(&taken[i]) != (i < count))
      fail_msg("item %d of %d was taken %d times: %d threads asked for, %d came", i, (int)count,
               atomic_load(&taken[i]), asked, came);
}

static const int64_t counts[] = {0, 1, 2, 3, 7, 8, 127, 128, 129, MOST_ITEMS};

/* The team may be smaller than what was asked for (OMP_THREAD_LIMIT), equal, or larger. */
static void teams_of_any_size_take_each_item_once(void **state)
{
  (void)state;
  static const int asked[] = {0, 1, 2, 3, 5, 8, DLA_WORK_RUNS, DLA_WORK_RUNS + 1, 1000};
  omp_set_dynamic(0);
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
    for (size_t a = 0; a < sizeof asked / sizeof *asked; a++)
      for (int team = 1; team <= MOST_THREADS; team += team < 3 ? 1 : 5) {
        forget();
        dla_work work;
        dla_work_begin(&work, counts[c], asked[a]);
#pragma omp parallel num_threads(team)
        take_all(&work, counts[c]);
        check_once_each(counts[c], asked[a], team);
        int64_t item;
        assert_false(dla_work_next(&work, &item)); /* and no more */
      }
}

/* Nobody waits for a thread that never begins. */
static void one_thread_takes_the_share_of_those_that_do_not_begin(void **state)
{
  (void)state;
  omp_set_dynamic(0);
  for (int busy = 0; busy < 3; busy++) {
    forget();
    dla_work work;
    dla_work_begin(&work, 100, 3);
    int came = 0;
#pragma omp parallel num_threads(3)
    {
#pragma omp single
      came = omp_get_num_threads();
      if (omp_get_thread_num() == (busy < came ? busy : 0)) take_all(&work, 100);
    }
    check_once_each(100, 3, came);
  }
}

/* A thread begins with its own run, in order: its caches hold it. Then it goes round. */
static void own_run_comes_first(void **state)
{
  (void)state;
  dla_work work;
  dla_work_begin(&work, 10, 4);
  for (int64_t expected = 0, item; expected < 10; expected++) {
    assert_true(dla_work_next(&work, &item));
    assert_int_equal(item, expected);
  }
  omp_set_dynamic(0);
  dla_work_begin(&work, 10, 2);
  int64_t first = -1, second = -1;
  int came = 1;
#pragma omp parallel num_threads(2)
  if (omp_get_thread_num() == 1) {
    came = 2;
    dla_work_next(&work, &first);
    dla_work_next(&work, &second);
  }
  if (came < 2) skip();
  assert_int_equal(first, 5);
  assert_int_equal(second, 6);
}

/* Threads that begin with the same run, as all threads outside of OpenMP do: the hardest case for
 * its counter, and one that ThreadSanitizer understands. */
static void *take_all_of(void *work)
{
  take_all(work, MOST_ITEMS);
  return NULL;
}

static void threads_that_share_a_run_take_each_item_once(void **state)
{
  (void)state;
  for (int round = 0; round < 20; round++) {
    forget();
    dla_work work;
    dla_work_begin(&work, MOST_ITEMS, 1 + round % 3);
    pthread_t thread[MOST_THREADS];
    for (int i = 0; i < MOST_THREADS; i++)
      assert_int_equal(pthread_create(&thread[i], NULL, take_all_of, &work), 0);
    for (int i = 0; i < MOST_THREADS; i++)
      assert_int_equal(pthread_join(thread[i], NULL), 0);
    check_once_each(MOST_ITEMS, 1 + round % 3, MOST_THREADS);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(teams_of_any_size_take_each_item_once),
      cmocka_unit_test(one_thread_takes_the_share_of_those_that_do_not_begin),
      cmocka_unit_test(own_run_comes_first),
      cmocka_unit_test(threads_that_share_a_run_take_each_item_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
