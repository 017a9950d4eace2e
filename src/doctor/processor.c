/* Checks the processor, its instruction sets, and the computing threads. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/isa.h"
#include "base/plural.h"
#include "base/team.h"
#include "doctor/checks.h"
#include "train/experiment.h"

static void look_at_isa(const doctor *d)
{
  char list[DLA_ISA_LIST];
  dla_isa isa = DLA_ISA_GENERIC;
  dla_error err = {0};
  const char *limit = getenv("DLA_MAX_CPU_ISA");
  dla_isa_list(list);
  if (dla_isa_choose(&isa, &err)) {
    dla_findings_add_error(d->findings, DLA_BAD, "instruction set", &err);
    return;
  }
  if (limit && *limit)
    dla_findings_add(d->findings, DLA_GOOD, "instruction set", NULL,
                     "%s, as DLA_MAX_CPU_ISA says, of %s", dla_isa_name(isa), list);
  else if (isa == DLA_ISA_GENERIC)
    dla_findings_add(d->findings, DLA_WARNING, "instruction set",
                     "use a processor with AVX2 or AVX-512, which is many times as fast",
                     "%s only: this build has no better kernels for the processor", list);
  else
    dla_findings_add(d->findings, DLA_GOOD, "instruction set", NULL,
                     "%s of %s (DLA_MAX_CPU_ISA is not set)", dla_isa_name(isa), list);
}

/* Whether other programs use the processors already. */
static void look_at_load(const doctor *d, int available)
{
  double load[1];
  if (getloadavg(load, 1) != 1) return;
  const bool busy = load[0] >= available;
  dla_findings_add(d->findings, busy ? DLA_WARNING : DLA_GOOD, "load",
                   busy ? "wait until other programs are done, or give each its own processors"
                        : NULL,
                   "%.1f programs computed here in the last minute, for %d processor%s", load[0],
                   available, dla_plural((uint64_t)available));
}

void doctor_processor(const doctor *d)
{
  char name[DLA_CPU_NAME], quota[64] = "no quota of a cgroup";
  const int affinity = dla_cpu_affinity(), limit = dla_cpu_quota();
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  dla_findings_add(d->findings, DLA_GOOD, "processor", NULL, "%s", dla_cpu_name(name));
  look_at_isa(d);
  if (limit) snprintf(quota, sizeof quota, "a cgroup's quota of %d", limit);
  const bool cut = limit && limit < affinity;
  dla_findings_add(d->findings, cut ? DLA_WARNING : DLA_GOOD, "processors",
                   cut ? "threads are held up when the quota is used up: ask for whole processors"
                       : NULL,
                   "%d of this machine's %ld may be used (affinity), %s", affinity, online, quota);
  look_at_load(d, dla_cpu_available());
}

/* What determines the number of threads. */
static const char *source_of(const dla_config *config)
{
  const char *omp = getenv("OMP_NUM_THREADS"), *slurm = getenv("SLURM_CPUS_PER_TASK");
  if (config->train.threads > 0) return "train.threads";
  if (omp && *omp) return "OMP_NUM_THREADS";
  if (slurm && *slurm) return "SLURM_CPUS_PER_TASK";
  return "the processors";
}

/* Asks as the backends do, without OMP_DYNAMIC and nested regions. */
static int ask_openmp(int threads)
{
  int given = 1;
  omp_set_dynamic(0);
#pragma omp parallel num_threads(threads)
#pragma omp single
  given = omp_get_num_threads();
  return given;
}

void doctor_threads(const doctor *d)
{
  const int threads = dla_experiment_threads(d->config, NULL), available = dla_cpu_available();
  const char *source = source_of(d->config);
  dla_team *team;
  dla_error err = {0};
  /* OpenMP ends the process if it cannot start a thread, so the team's threads are tried first. */
  if (dla_team_create(threads, &team, &err)) {
    dla_findings_add_error(d->findings, DLA_BAD, "threads", &err);
    return;
  }
  dla_team_destroy(team);
  const int given = ask_openmp(threads);
  if (given < threads)
    dla_findings_add(d->findings, DLA_BAD, "threads",
                     "unset OMP_THREAD_LIMIT, or lower train.threads",
                     "%s asks for %d, but OpenMP gives %d", source, threads, given);
  else if (threads > available)
    dla_findings_add(d->findings, DLA_WARNING, "threads",
                     "threads that take turns make each other wait: lower it",
                     "%d by %s, on %d processor%s", threads, source, available,
                     dla_plural((uint64_t)available));
  else
    dla_findings_add(d->findings, DLA_GOOD, "threads", NULL, "%d by %s; OpenMP gives them", threads,
                     source);
}
