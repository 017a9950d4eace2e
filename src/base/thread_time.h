#ifndef DLA_BASE_THREAD_TIME_H
#define DLA_BASE_THREAD_TIME_H

#include <stdbool.h>
#include <sys/types.h>

/* Seconds so far, summed over the threads of this process. */
typedef struct dla_thread_time {
  double ran;   /* on a processor */
  double ready; /* waiting for a processor that others use */
} dla_thread_time;

/* Reads /proc/self/task/ID/schedstat (https://docs.kernel.org/scheduler/sched-stats.html). Returns
 * false where Linux does not tell. */
bool dla_thread_time_now(dla_thread_time *time);
/* The same of another process's first thread. */
bool dla_thread_time_of_process(pid_t process, dla_thread_time *time);

#endif
