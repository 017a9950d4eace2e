#include <config.h> /* sched_getaffinity */

#include "base/cpu_mask.h"

#include <sched.h>

enum { WORD = 8 * sizeof(unsigned long) };

bool dla_cpu_mask_get(dla_cpu_mask *mask)
{
  *mask = (dla_cpu_mask){0};
  return sched_getaffinity(0, sizeof mask->word, (cpu_set_t *)(void *)mask->word) == 0;
}

bool dla_cpu_mask_use(const dla_cpu_mask *mask, pid_t thread)
{
  return sched_setaffinity(thread, sizeof mask->word,
                           (const cpu_set_t *)(const void *)mask->word) == 0;
}

static bool is_in_range(int cpu)
{
  return cpu >= 0 && cpu < DLA_CPU_MASK_MOST;
}

void dla_cpu_mask_add(dla_cpu_mask *mask, int cpu)
{
  if (is_in_range(cpu)) mask->word[cpu / WORD] |= 1ul << (cpu % WORD);
}

bool dla_cpu_mask_has(const dla_cpu_mask *mask, int cpu)
{
  return is_in_range(cpu) && (mask->word[cpu / WORD] >> (cpu % WORD) & 1);
}

int dla_cpu_mask_count(const dla_cpu_mask *mask)
{
  int count = 0;
  for (size_t i = 0; i < sizeof mask->word / sizeof *mask->word; i++)
    count += __builtin_popcountl(mask->word[i]);
  return count;
}
