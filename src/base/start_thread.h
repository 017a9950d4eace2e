#ifndef DLA_BASE_START_THREAD_H
#define DLA_BASE_START_THREAD_H

#include <pthread.h>

#include "dla/status.h"

/* pthread_create(). `what` is what it is for: "the thread that prepares batches". Where a limit
 * lets there be no more threads, the error is DLA_E_INPUT and names the limit. */
dla_status dla_start_thread(pthread_t *thread, const pthread_attr_t *attributes,
                            void *(*run)(void *), void *context, const char *what, dla_error *err);

/* What limits the number of threads: for the error below, and in that of dla_start_thread(). */
#define DLA_THREAD_LIMITS "ulimit -u, or pids.max of a cgroup"

/* Fails: of the threads that compute there can be only `given`, because of `limit`. */
dla_status dla_fail_few_threads(int given, int threads, const char *limit, dla_error *err);

#endif
