#include "staging/parallel.h"

#include <pthread.h>

enum { MOST_THREADS = 64 };

typedef struct work {
  pthread_mutex_t lock;
  size_t next, count;
  dla_job *job;
  void *context;
  dla_status status;
  dla_error err;
} work;

static void *run(void *argument)
{
  work *w = argument;
  pthread_mutex_lock(&w->lock);
  while (!w->status && w->next < w->count) {
    size_t index = w->next++;
    pthread_mutex_unlock(&w->lock);
    dla_error err = {0};
    dla_status status = w->job(w->context, index, &err);
    pthread_mutex_lock(&w->lock);
    if (status && !w->status) {
      w->status = status;
      w->err = err;
    }
  }
  pthread_mutex_unlock(&w->lock);
  return NULL;
}

dla_status dla_parallel(size_t count, int threads, dla_job *job, void *context, dla_error *err)
{
  pthread_t thread[MOST_THREADS];
  int started = 0;
  work w = {.count = count, .job = job, .context = context};
  if (pthread_mutex_init(&w.lock, NULL)) return dla_fail_memory(err, "a transfer");
  /* The calling thread takes part. If no other one can be started, it does everything. */
  while (started < threads - 1 && started < MOST_THREADS && (size_t)started + 1 < count &&
         pthread_create(&thread[started], NULL, run, &w) == 0)
    started++;
  run(&w);
  for (int i = 0; i < started; i++)
    pthread_join(thread[i], NULL);
  pthread_mutex_destroy(&w.lock);
  if (w.status && err) *err = w.err;
  return w.status;
}
