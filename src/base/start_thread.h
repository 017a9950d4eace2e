#ifndef DLA_BASE_START_THREAD_H
#define DLA_BASE_START_THREAD_H

#include <pthread.h>

#include "dla/status.h"

/* pthread_create(). `what` says what the thread is for: "the thread that prepares batches". Where a
 * limit allows no more threads, the error is DLA_E_INPUT and names the limit. */
dla_status dla_start_thread(pthread_t *thread, const pthread_attr_t *attributes,
                            void *(*run)(void *), void *context, const char *what, dla_error *err);

/* The limits on the number of threads: text for the error below and that of dla_start_thread(). */
#define DLA_THREAD_LIMITS "ulimit -u, or pids.max of a cgroup"

/* Fails with the error that only `given` of the computing threads can exist, because of `limit`. */
dla_status dla_fail_few_threads(int given, int threads, const char *limit, dla_error *err);

#endif
