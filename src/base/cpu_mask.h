/* A set of processors. glibc's cpu_set_t has room for 1,024, and on a larger machine Linux refuses
 * to fill it in. */
#ifndef DLA_BASE_CPU_MASK_H
#define DLA_BASE_CPU_MASK_H

#include <stdbool.h>
#include <sys/types.h>

enum { DLA_CPU_MASK_MOST = 8192 }; /* Linux's own limit */

/* Bit i % W of word i / W is processor i, for words of W bits, as in sched_setaffinity(2). All
 * zeros is the empty set. */
typedef struct dla_cpu_mask {
  unsigned long word[DLA_CPU_MASK_MOST / 8 / sizeof(unsigned long)];
} dla_cpu_mask;

/* The processors that the calling thread may use. On failure the set is empty. */
bool dla_cpu_mask_get(dla_cpu_mask *mask);
/* Lets a thread (0: the calling one) use these processors only. Makes only a system call. */
bool dla_cpu_mask_use(const dla_cpu_mask *mask, pid_t thread);

/* A processor with a number out of range is left out. */
void dla_cpu_mask_add(dla_cpu_mask *mask, int cpu);
bool dla_cpu_mask_has(const dla_cpu_mask *mask, int cpu);
int dla_cpu_mask_count(const dla_cpu_mask *mask);

#endif
