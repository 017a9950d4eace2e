#include "staging/storage/s3_parts.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

/* Amazon's guide tells to use one connection for every 85 to 90 MB/s that are wanted ("Performance
 * Guidelines for Amazon S3"). So one connection there gives less than this. */
static const double fast = 100e6;  /* bytes a second */
static const double period = 0.25; /* seconds between two looks at the speed */

dla_status dla_s3_parts_init(dla_s3_parts *parts, size_t count, dla_error *err)
{
  *parts = (dla_s3_parts){.count = count, .alone = true};
  parts->whole = calloc(count, sizeof *parts->whole);
  bool locked = parts->whole && pthread_mutex_init(&parts->lock, NULL) == 0;
  if (locked && pthread_cond_init(&parts->changed, NULL) == 0) return DLA_OK;
  if (locked) pthread_mutex_destroy(&parts->lock);
  free(parts->whole);
  return dla_fail_memory(err, "a download");
}

void dla_s3_parts_free(dla_s3_parts *parts)
{
  pthread_cond_destroy(&parts->changed);
  pthread_mutex_destroy(&parts->lock);
  free(parts->whole);
}

/* The caller holds the lock. */
static void wait_a_period(dla_s3_parts *parts)
{
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += (long)(period * 1e9);
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_cond_timedwait(&parts->changed, &parts->lock, &until);
}

void dla_s3_parts_join(dla_s3_parts *parts)
{
  pthread_mutex_lock(&parts->lock);
  double since = dla_clock();
  uint64_t before = parts->bytes;
  while (parts->alone && !parts->failed && parts->next < parts->count) {
    wait_a_period(parts);
    double passed = dla_clock() - since;
    if (passed < period) continue;
    if ((double)(parts->bytes - before) < fast * passed) {
      parts->alone = false;
      pthread_cond_broadcast(&parts->changed);
    }
    since += passed;
    before = parts->bytes;
  }
  pthread_mutex_unlock(&parts->lock);
}

bool dla_s3_parts_take(dla_s3_parts *parts, size_t *first, size_t *last)
{
  pthread_mutex_lock(&parts->lock);
  bool taken = !parts->failed && parts->next < parts->count;
  *first = parts->next;
  *last = parts->alone ? parts->count - 1 : *first;
  parts->next += taken;
  pthread_mutex_unlock(&parts->lock);
  return taken;
}

void dla_s3_parts_add(dla_s3_parts *parts, size_t bytes)
{
  pthread_mutex_lock(&parts->lock);
  parts->bytes += bytes;
  pthread_mutex_unlock(&parts->lock);
}

bool dla_s3_parts_finish(dla_s3_parts *parts, size_t index)
{
  pthread_mutex_lock(&parts->lock);
  parts->whole[index] = true;
  bool follows = parts->alone && !parts->failed && parts->next < parts->count;
  parts->next += follows;
  pthread_cond_broadcast(&parts->changed);
  pthread_mutex_unlock(&parts->lock);
  return follows;
}

bool dla_s3_parts_wait(dla_s3_parts *parts, size_t index)
{
  pthread_mutex_lock(&parts->lock);
  while (!parts->whole[index] && !parts->failed)
    pthread_cond_wait(&parts->changed, &parts->lock);
  bool whole = parts->whole[index];
  pthread_mutex_unlock(&parts->lock);
  return whole;
}

void dla_s3_parts_fail(dla_s3_parts *parts)
{
  pthread_mutex_lock(&parts->lock);
  parts->failed = true;
  pthread_cond_broadcast(&parts->changed);
  pthread_mutex_unlock(&parts->lock);
}
