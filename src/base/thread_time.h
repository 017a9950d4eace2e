#ifndef DLA_BASE_THREAD_TIME_H
#define DLA_BASE_THREAD_TIME_H

#include <stdbool.h>

/* Seconds so far, summed over this process's threads. */
typedef struct dla_thread_time {
  double ran;   /* on a processor */
  double ready; /* waiting for one that is busy with something else */
} dla_thread_time;

/* From /proc/self/task/ID/schedstat
 * (https://docs.kernel.org/scheduler/sched-stats.html); false where Linux does not tell. */
bool dla_thread_time_now(dla_thread_time *time);

#endif
