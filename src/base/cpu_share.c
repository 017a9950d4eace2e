#include "base/cpu_share.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cpu_mask.h"

typedef struct processor {
  int number, core; /* core: the number of its first thread */
} processor;

static int core_of(int number)
{
  char path[96];
  int first = number;
  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
           number);
  FILE *file = fopen(path, "re");
  if (file && fscanf(file, "%d", &first) != 1) first = number;
  if (file) fclose(file);
  return first;
}

static int by_core(const void *a, const void *b)
{
  const processor *x = a, *y = b;
  return x->core != y->core ? (x->core > y->core) - (x->core < y->core)
                            : (x->number > y->number) - (x->number < y->number);
}

/* The processors of the affinity mask; the threads of a core are neighbours. */
static int list_usable(processor *usable)
{
  dla_cpu_mask mask;
  int count = 0;
  if (!dla_cpu_mask_get(&mask)) return 0;
  for (int i = 0; i < DLA_CPU_MASK_MOST; i++)
    if (dla_cpu_mask_has(&mask, i)) usable[count++] = (processor){i, core_of(i)};
  qsort(usable, (size_t)count, sizeof *usable, by_core);
  return count;
}

static dla_status take(const processor *usable, int count, int index, int shares,
                       dla_cpu_share *share, dla_error *err)
{
  if (count < shares)
    return dla_fail(err, DLA_E_INPUT, NULL, "lower it, so that each has one of its own",
                    "%d at once on %d processors", shares, count);
  int begin = (int)((long)count * index / shares), end = (int)((long)count * (index + 1) / shares);
  share->cpus = malloc((size_t)(end - begin) * sizeof *share->cpus);
  if (!share->cpus) return dla_fail_memory(err, "a list of processors");
  for (int i = begin; i < end; i++)
    share->cpus[share->count++] = usable[i].number;
  return DLA_OK;
}

dla_status dla_cpu_share_make(int index, int shares, dla_cpu_share *share, dla_error *err)
{
  *share = (dla_cpu_share){0};
  processor *usable = malloc(DLA_CPU_MASK_MOST * sizeof *usable);
  if (!usable) return dla_fail_memory(err, "a list of processors");
  dla_status status = take(usable, list_usable(usable), index, shares, share, err);
  free(usable);
  return status;
}

void dla_cpu_share_free(dla_cpu_share *share)
{
  free(share->cpus);
  *share = (dla_cpu_share){0};
}
