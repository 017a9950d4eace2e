/* Divides the processors of this process into disjoint shares, for programs started side by
 * side. */
#ifndef DLA_BASE_CPU_SHARE_H
#define DLA_BASE_CPU_SHARE_H

#include "dla/status.h"

typedef struct dla_cpu_share {
  int *cpus; /* their numbers; owned */
  int count;
} dla_cpu_share;

/* Makes share `index` of `shares`. The shares differ by one processor at most, and keep the threads
 * of a core together. Fails where there are fewer processors than shares. */
dla_status dla_cpu_share_make(int index, int shares, dla_cpu_share *share, dla_error *err);
void dla_cpu_share_free(dla_cpu_share *share);

#endif
