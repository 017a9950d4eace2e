/* Disjoint shares of the processors that this process may use, for programs started side by side.
 */
#ifndef DLA_BASE_CPU_SHARE_H
#define DLA_BASE_CPU_SHARE_H

#include "dla/status.h"

typedef struct dla_cpu_share {
  int *cpus; /* their numbers; owned */
  int count;
} dla_cpu_share;

/* Share `index` of `shares`, which are as large as each other but for one processor, and keep the
 * threads of a core together. Fails where there are fewer processors than shares. */
dla_status dla_cpu_share_make(int index, int shares, dla_cpu_share *share, dla_error *err);
void dla_cpu_share_free(dla_cpu_share *share);

#endif
