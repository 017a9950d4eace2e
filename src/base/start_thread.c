#include "base/start_thread.h"
#include "base/plural.h"

#include <errno.h>
#include <string.h>

dla_status dla_start_thread(pthread_t *thread, const pthread_attr_t *attributes,
                            void *(*run)(void *), void *context, const char *what, dla_error *err)
{
  int code = pthread_create(thread, attributes, run, context);
  if (!code) return DLA_OK;
  /* glibc also returns EAGAIN where there is no memory for a stack. */
  if (code == EAGAIN)
    return dla_fail(err, DLA_E_INPUT, NULL,
                    "raise that limit; if it is high enough, memory is short",
                    "cannot start %s: " DLA_THREAD_LIMITS ", allows no more threads", what);
  return dla_fail(err, DLA_E_IO, NULL, NULL, "cannot start %s: %s", what, strerror(code));
}

dla_status dla_fail_few_threads(int given, int threads, const char *limit, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, "train.threads", "raise that limit, or lower train.threads",
                  "there can be %d thread%s where %d are asked for: %s", given,
                  dla_plural((uint64_t)given), threads, limit);
}
