/* Shares the items of a loop among the threads of an OpenMP region.
 *
 * Each thread begins with a run of its own, in order, as schedule(static) would give it: what its
 * cores have in their caches and near memories, it goes on with. Who is done takes what others have
 * not begun; so a thread whose processor is busy with something else holds nobody up for longer
 * than an item. Which thread computes an item must not matter to its result.
 *
 *   dla_work work;
 *   dla_work_begin(&work, count, threads);
 *   #pragma omp parallel num_threads(threads)
 *   for (int64_t i; dla_work_next(&work, &i);)
 *     compute(i);
 */
#ifndef DLA_BASE_WORK_H
#define DLA_BASE_WORK_H

#include <stdbool.h>
#include <stdint.h>

enum { DLA_WORK_RUNS = 128 /* more threads than that share runs */, DLA_WORK_LINE = 64 };

/* On a cache line of its own, so that threads do not wait for each other's counters. */
typedef struct dla_work_run {
  _Alignas(DLA_WORK_LINE) _Atomic int64_t next;
  int64_t end;
} dla_work_run;

typedef struct dla_work {
  int runs;
  dla_work_run run[DLA_WORK_RUNS];
} dla_work;

/* Items 0 to count - 1, for a region that `threads` threads or fewer will run. */
void dla_work_begin(dla_work *work, int64_t count, int threads);

/* The calling thread's next item; false: all have been taken. */
bool dla_work_next(dla_work *work, int64_t *item);

#endif
