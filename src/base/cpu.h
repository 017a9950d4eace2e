/* The processors that this process may use. */
#ifndef DLA_BASE_CPU_H
#define DLA_BASE_CPU_H

/* How many threads should compute, the first of:
 *   requested (train.threads), when positive;
 *   OMP_NUM_THREADS;
 *   SLURM_CPUS_PER_TASK;
 *   the smaller of the affinity mask and the cgroup's CPU quota, shared by `sharers` processes.
 * At least 1. */
int dla_cpu_threads(int requested, int sharers);

/* The processors of the affinity mask and the cgroup's quota: more threads than that only wait. */
int dla_cpu_available(void);

/* Those of the affinity mask, or of OpenMP's places where the user names some; and, rounded up,
 * those that the cgroup's quota comes to, 0 where there is none. */
int dla_cpu_affinity(void);
int dla_cpu_quota(void);

enum { DLA_CPU_NAME = 96 };
/* The processor's own name ("AMD EPYC 9B14"), into `name`, which is returned; "unknown" where the
 * system does not tell. Control characters become spaces. */
const char *dla_cpu_name(char name[DLA_CPU_NAME]);

#endif
