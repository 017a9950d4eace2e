/* The processors that this process may use. */
#ifndef DLA_BASE_CPU_H
#define DLA_BASE_CPU_H

/* How many threads should compute; at least 1. It is the first of these that is set:
 *   requested (train.threads), when positive;
 *   OMP_NUM_THREADS;
 *   SLURM_CPUS_PER_TASK;
 *   the smaller of the affinity mask and the cgroup's CPU quota, divided by `sharers` processes. */
int dla_cpu_threads(int requested, int sharers);

/* How many processors the affinity mask and the cgroup's quota allow. More threads would only
 * wait. */
int dla_cpu_available(void);

/* affinity: how many processors the affinity mask has, or OpenMP's places where the user names
 * some. quota: the cgroup's CPU quota in processors, rounded up; 0 where there is none. */
int dla_cpu_affinity(void);
int dla_cpu_quota(void);

enum { DLA_CPU_NAME = 96 };
/* Writes the processor's own name ("AMD EPYC 9B14") into `name` and returns it; "unknown" where the
 * system does not tell. Control characters become spaces. */
const char *dla_cpu_name(char name[DLA_CPU_NAME]);

#endif
