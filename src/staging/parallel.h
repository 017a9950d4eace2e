#ifndef DLA_STAGING_PARALLEL_H
#define DLA_STAGING_PARALLEL_H

#include <stddef.h>

#include "dla/status.h"

typedef dla_status dla_job(void *context, size_t index, dla_error *err);

/* Runs job(0) ... job(count - 1) on at most `threads` threads. After a failure it begins no further
 * job, and waits for those that run. Returns the first failure. */
dla_status dla_parallel(size_t count, int threads, dla_job *job, void *context, dla_error *err);

#endif
