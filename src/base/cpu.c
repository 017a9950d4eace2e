#include <config.h>

#include "base/cpu.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/cpu_mask.h"

int dla_cpu_affinity(void)
{
  dla_cpu_mask mask;
  int count = 0;
  /* With OMP_PROC_BIND or OMP_PLACES, OpenMP has bound this thread to one of its places. */
  for (int i = 0; i < omp_get_num_places(); i++)
    count += omp_get_place_num_procs(i);
  if (!count && dla_cpu_mask_get(&mask)) count = dla_cpu_mask_count(&mask);
  if (!count) count = (int)sysconf(_SC_NPROCESSORS_ONLN); /* Linux does not tell */
  return count > 0 ? count : 1;
}

static int smaller(int limit, int other)
{
  return other > 0 && (limit == 0 || other < limit) ? other : limit;
}

static int rounded_up(double quota, double period)
{
  return quota > 0 && period > 0 ? (int)ceil(quota / period) : 0;
}

/* Version 2: "quota period"; "max 100000" is no limit. */
static void look_at_quota(void *context, const char *group)
{
  int *limit = context;
  double quota = 0, period = 0;
  if (dla_cgroup_numbers(group, "cpu.max", &quota, &period) == 2)
    *limit = smaller(*limit, rounded_up(quota, period));
}

/* Version 1: two files; -1 is no limit. */
static void look_at_cfs_quota(void *context, const char *group)
{
  int *limit = context;
  double quota = 0, period = 0, none;
  if (dla_cgroup_numbers(group, "cpu.cfs_quota_us", &quota, &none) > 0 &&
      dla_cgroup_numbers(group, "cpu.cfs_period_us", &period, &none) > 0)
    *limit = smaller(*limit, rounded_up(quota, period));
}

int dla_cpu_quota(void)
{
  int limit = 0;
  dla_cgroup_walk(NULL, look_at_quota, &limit);
  dla_cgroup_walk("cpu", look_at_cfs_quota, &limit);
  return limit;
}

int dla_cpu_available(void)
{
  return smaller(dla_cpu_affinity(), dla_cpu_quota());
}

static int from_environment(const char *name)
{
  const char *text = getenv(name);
  long value = text ? strtol(text, NULL, 10) : 0; /* OMP_NUM_THREADS may be a list: takes its first
                                                   * number */
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
