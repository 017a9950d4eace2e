/* Two buffers and a thread: while the network works on one batch, the next is made. */
#include "dla/loader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "augment/augment.h"
#include "dataset/sampler.h"

typedef struct slot {
  float *images;
  int32_t *labels;
  size_t count;
  bool full;
} slot;

struct dla_loader {
  const dla_dataset *dataset;
  dla_augment augment;
  uint32_t *order;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool stop;
  uint64_t generation; /* of dla_loader_start(): what belongs to an older one is dropped */
  uint64_t epoch;
  size_t next_made, next_taken; /* batches of the epoch */
  size_t batches;
  slot slot[2];
  slot *taken; /* what the caller holds */
};

size_t dla_loader_batches(const dla_loader *loader)
{
  return loader->batches;
}

/* What the thread makes without holding the mutex. */
typedef struct job {
  uint64_t generation, epoch;
  size_t batch;
  slot *slot;
} job;

static void make_batch(dla_loader *l, const job *j)
{
  const dla_loader_options *o = &l->augment.options;
  size_t first = j->batch * o->batch_size, count = l->dataset->count - first;
  if (count > o->batch_size) count = o->batch_size;
  size_t in = (size_t)l->dataset->channels * (size_t)l->dataset->height * (size_t)l->dataset->width;
  size_t out = (size_t)o->channels * (size_t)o->height * (size_t)o->width;
  for (size_t i = 0; i < count; i++) {
    uint32_t sample = l->order[first + i];
    dla_augment_draw draw = dla_augment_draw_at(&l->augment, j->epoch, sample);
    dla_augment_apply(&l->augment, &draw, l->dataset->images + sample * in,
                      j->slot->images + i * out);
    j->slot->labels[i] = l->dataset->labels[sample];
  }
  j->slot->count = count;
}

/* Waits for work; false: stop. */
static bool wait_for_job(dla_loader *l, job *j)
{
  for (;;) {
    slot *s = &l->slot[l->next_made % 2];
    if (l->stop) return false;
    if (l->generation && l->next_made < l->batches && !s->full) {
      *j = (job){l->generation, l->epoch, l->next_made, s};
      return true;
    }
    pthread_cond_wait(&l->changed, &l->mutex);
  }
}

static void *work(void *context)
{
  dla_loader *l = context;
  uint64_t shuffled = 0; /* the generation whose order is made */
  job j;
  pthread_mutex_lock(&l->mutex);
  while (wait_for_job(l, &j)) {
    pthread_mutex_unlock(&l->mutex);
    if (l->augment.options.shuffle && shuffled != j.generation)
      dla_sampler_shuffle(l->augment.options.seed, j.epoch, l->order, (uint32_t)l->dataset->count);
    shuffled = j.generation;
    make_batch(l, &j);
    pthread_mutex_lock(&l->mutex);
    if (j.generation != l->generation) continue; /* started anew meanwhile */
    j.slot->full = true;
    l->next_made++;
    pthread_cond_broadcast(&l->changed);
  }
  pthread_mutex_unlock(&l->mutex);
  return NULL;
}

void dla_loader_start(dla_loader *l, uint64_t epoch, size_t first_batch)
{
  pthread_mutex_lock(&l->mutex);
  l->generation++;
  l->epoch = epoch;
  l->next_made = l->next_taken = first_batch < l->batches ? first_batch : l->batches;
  l->slot[0].full = l->slot[1].full = false;
  l->taken = NULL;
  pthread_cond_broadcast(&l->changed);
  pthread_mutex_unlock(&l->mutex);
}

void dla_loader_next(dla_loader *l, dla_batch *batch)
{
  *batch = (dla_batch){0};
  pthread_mutex_lock(&l->mutex);
  if (l->taken) {
    l->taken->full = false;
    l->taken = NULL;
    pthread_cond_broadcast(&l->changed);
  }
  if (l->generation && l->next_taken < l->batches) {
    slot *s = &l->slot[l->next_taken++ % 2];
    while (!s->full)
      pthread_cond_wait(&l->changed, &l->mutex);
    l->taken = s;
    *batch = (dla_batch){s->count, s->images, s->labels};
  }
  pthread_mutex_unlock(&l->mutex);
}

static void free_memory(dla_loader *l)
{
  for (int i = 0; i < 2; i++) {
    free(l->slot[i].images);
    free(l->slot[i].labels);
  }
  free(l->order);
  free(l);
}

static dla_status allocate(dla_loader *l, dla_error *err)
{
  const dla_loader_options *o = &l->augment.options;
  size_t out = (size_t)o->channels * (size_t)o->height * (size_t)o->width;
  bool made = (l->order = malloc((l->dataset->count + 1) * sizeof *l->order)) != NULL;
  for (int i = 0; i < 2; i++) {
    l->slot[i].images = malloc(o->batch_size * out * sizeof(float));
    l->slot[i].labels = malloc(o->batch_size * sizeof(int32_t));
    made &= l->slot[i].images && l->slot[i].labels;
  }
  for (size_t i = 0; made && i < l->dataset->count; i++)
    l->order[i] = (uint32_t)i;
  return made ? DLA_OK : dla_fail_memory(err, "the batches");
}

dla_status dla_loader_create(const dla_dataset *dataset, const dla_loader_options *options,
                             dla_loader **loader, dla_error *err)
{
  dla_loader *l = calloc(1, sizeof *l);
  if (!l) return dla_fail_memory(err, "the batches");
  l->dataset = dataset;
  l->batches = (dataset->count + options->batch_size - 1) / options->batch_size;
  dla_status status = dla_augment_init(&l->augment, dataset, options, err);
  if (!status) status = allocate(l, err);
  if (status) {
    free_memory(l);
    return status;
  }
  pthread_mutex_init(&l->mutex, NULL);
  pthread_cond_init(&l->changed, NULL);
  if (pthread_create(&l->thread, NULL, work, l)) {
    free_memory(l);
    return dla_fail(err, DLA_E_INTERNAL, NULL, NULL, "cannot start the loader's thread");
  }
  *loader = l;
  return DLA_OK;
}

void dla_loader_free(dla_loader *l)
{
  if (!l) return;
  pthread_mutex_lock(&l->mutex);
  l->stop = true;
  pthread_cond_broadcast(&l->changed);
  pthread_mutex_unlock(&l->mutex);
  pthread_join(l->thread, NULL);
  pthread_cond_destroy(&l->changed);
  pthread_mutex_destroy(&l->mutex);
  free_memory(l);
}
