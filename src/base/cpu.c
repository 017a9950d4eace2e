#include <config.h>

#include "base/cpu.h"

#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cgroup.h"

int dla_cpu_affinity(void)
{
  cpu_set_t set;
  int count = 0;
  /* With OMP_PROC_BIND or OMP_PLACES, OpenMP has bound this thread to one of its places. */
  for (int i = 0; i < omp_get_num_places(); i++)
    count += omp_get_place_num_procs(i);
  if (!count && sched_getaffinity(0, sizeof set, &set) == 0) count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

static int smaller(int limit, int other)
{
  return other > 0 && (limit == 0 || other < limit) ? other : limit;
}

/* Processors, rounded up, of "quota period" in cgroup v2's cpu.max; "max 100000" is no limit. */
static void look_at_quota(void *context, const char *group)
{
  int *limit = context;
  char path[512];
  long quota = 0, period = 0;
  snprintf(path, sizeof path, "/sys/fs/cgroup%.400s/cpu.max", group);
  FILE *file = fopen(path, "re");
  if (!file) return;
  int read = fscanf(file, "%ld %ld", &quota, &period);
  fclose(file);
  if (read == 2 && quota > 0 && period > 0)
    *limit = smaller(*limit, (int)((quota + period - 1) / period));
}

int dla_cpu_quota(void)
{
  int limit = 0;
  dla_cgroup_walk(NULL, look_at_quota, &limit);
  return limit;
}

int dla_cpu_available(void)
{
  return smaller(dla_cpu_affinity(), dla_cpu_quota());
}

static int from_environment(const char *name)
{
  const char *text = getenv(name);
  long value = text ? strtol(text, NULL, 10) : 0; /* OMP_NUM_THREADS may be a list: its first */
  return value > 0 && value <= 4096 ? (int)value : 0;
}

int dla_cpu_threads(int requested, int sharers)
{
  if (requested > 0) return requested;
  int threads = from_environment("OMP_NUM_THREADS");
  if (!threads) threads = from_environment("SLURM_CPUS_PER_TASK");
  if (threads) return threads;
  threads = dla_cpu_available() / sharers;
  return threads > 0 ? threads : 1;
}

const char *dla_cpu_name(char name[DLA_CPU_NAME])
{
  char line[256];
  snprintf(name, DLA_CPU_NAME, "unknown");
  FILE *file = fopen("/proc/cpuinfo", "re");
  while (file && fgets(line, sizeof line, file)) {
    const char *colon = strchr(line, ':');
    if (!colon || strncmp(line, "model name", 10) != 0) continue;
    snprintf(name, DLA_CPU_NAME, "%.90s", colon + 2);
    break;
  }
  if (file) fclose(file);
  name[strcspn(name, "\n")] = '\0';
  for (char *c = name; *c; c++)
    if ((unsigned char)*c < ' ') *c = ' ';
  return name;
}
