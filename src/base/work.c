#include "base/work.h"

#include <omp.h>
#include <stdatomic.h>

void dla_work_begin(dla_work *work, int64_t count, int threads)
{
  int runs = threads < DLA_WORK_RUNS ? threads : DLA_WORK_RUNS;
  work->runs = runs < 1 ? 1 : runs;
  for (int r = 0; r < work->runs; r++) {
    atomic_init(&work->run[r].next, count * r / work->runs);
    work->run[r].end = count * (r + 1) / work->runs;
  }
}

static bool take(dla_work_run *run, int64_t *item)
{
  /* A look first: a run that is done is asked once by everybody, and not written to. */
  if (atomic_load_explicit(&run->next, memory_order_relaxed) >= run->end) return false;
  *item = atomic_fetch_add_explicit(&run->next, 1, memory_order_relaxed);
  return *item < run->end;
}

bool dla_work_next(dla_work *work, int64_t *item)
{
  int own = omp_get_thread_num() % work->runs;
  for (int k = 0; k < work->runs; k++)
    if (take(&work->run[(own + k) % work->runs], item)) return true;
  return false;
}
