#include "data/pictures/crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/cpu.h"
#include "base/start_thread.h"

enum { AT_ONCE = 32, THREADS_MAX = 64, TELL_EVERY = 200000000 /* nanoseconds */ };

typedef struct crew {
  dla_crew_work *work;
  void *context;
  size_t count;
  pthread_mutex_t lock; /* guards the following fields */
  pthread_cond_t changed;
  size_t next, done;
  int running;
  bool stop;
  dla_status failed;
  dla_error error;
} crew;

static dla_status do_some(const crew *c, dla_crew_hand *hand, size_t first, size_t end,
                          dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = first; i < end && !status; i++)
    status = c->work(c->context, hand, i, err);
  return status;
}

static void *run(void *argument)
{
  crew *c = argument;
  dla_crew_hand hand = {0};
  dla_error err = {0};
  dla_status status = dla_reader_create(&hand.reader, &err);
  pthread_mutex_lock(&c->lock);
  while (!status && !c->failed && !c->stop && c->next < c->count) {
    const size_t first = c->next, left = c->count - first;
    c->next += left < AT_ONCE ? left : AT_ONCE;
    const size_t end = c->next;
    pthread_mutex_unlock(&c->lock);
    status = do_some(c, &hand, first, end, &err);
    pthread_mutex_lock(&c->lock);
    c->done += end - first;
  }
  if (status && !c->failed) {
    c->failed = status;
    c->error = err;
  }
  c->running--;
  pthread_cond_signal(&c->changed);
  pthread_mutex_unlock(&c->lock);
  dla_reader_free(hand.reader);
  free(hand.file.bytes);
  free(hand.pixels.bytes);
  return NULL;
}

/* With the lock held: waits until all threads are done. */
static void wait(crew *c, const char *what, const dla_pictures_options *options)
{
  while (c->running > 0) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += TELL_EVERY;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&c->changed, &c->lock, &until);
    if (options->progress) options->progress(options->context, what, c->done, c->count);
    c->stop |= options->stop && options->stop(options->context);
  }
}

dla_status dla_crew_run(size_t count, const char *what, const dla_pictures_options *options,
                        dla_crew_work *work, void *context, dla_error *err)
{
  pthread_t threads[THREADS_MAX];
  crew c = {.work = work, .context = context, .count = count};
  int wanted = dla_cpu_available(), started = 0;
  dla_status status = DLA_OK;
  pthread_mutex_init(&c.lock, NULL);
  pthread_cond_init(&c.changed, NULL);
  pthread_mutex_lock(&c.lock);
  for (; started < wanted && started < THREADS_MAX && !status; started += !status) {
    status =
        dla_start_thread(&threads[started], NULL, run, &c, "a thread that reads pictures", err);
    c.running += !status;
  }
  c.stop = status != DLA_OK;
  wait(&c, what, options);
  pthread_mutex_unlock(&c.lock);
  for (int i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  pthread_cond_destroy(&c.changed);
  pthread_mutex_destroy(&c.lock);
  if (status) return status;
  if (c.failed && err) *err = c.error;
  if (c.failed) return c.failed;
  return c.stop ? dla_fail(err, DLA_E_INTERRUPTED, NULL, NULL, "the %s was interrupted", what)
                : DLA_OK;
}
