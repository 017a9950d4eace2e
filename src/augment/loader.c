#include "dla/loader.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "augment/augment.h"
#include "base/start_thread.h"
#include "dataset/sampler.h"
#include "dla/dist.h"

/* One batch is with the caller while the thread prepares the other. A batch takes a thousandth of
 * a training step, so more would only cost memory. */
enum { SLOTS = 2, ALIGNMENT = 64 };

typedef struct slot {
  float *images;
  int32_t *labels;
  size_t count, total;
  bool counts;
} slot;

/* What dla_loader_start asks for. The serial number tells an epoch from one that was dropped. */
typedef struct request {
  uint64_t serial, epoch;
  size_t first_batch;
} request;

struct dla_loader {
  const dla_dataset *dataset;
  dla_augment augment;
  size_t batch_size, batches;
  bool shuffle;
  int rank, ranks;

  pthread_t thread;
  bool running; /* the thread and what it waits by exist */

  pthread_mutex_t lock; /* guards what follows, down to the blank line */
  pthread_cond_t changed;
  request request;
  bool quit;
  size_t ready;      /* slots with a batch that was not handed out yet */
  size_t held;       /* 1 while the caller has a batch */
  size_t head;       /* the slot to hand out next */
  size_t to_hand;    /* batches of the epoch still to hand out */
  slot slots[SLOTS]; /* the contents of one that is neither ready nor held are the thread's */

  uint32_t *order; /* the thread's */
};

/* ---- The thread ---- */

static void fill_slot(dla_loader *l, slot *s, uint64_t epoch, size_t batch)
{
  const dla_dataset *d = l->dataset;
  size_t first = batch * l->batch_size, left = d->count - first;
  size_t from = (size_t)d->channels * (size_t)d->height * (size_t)d->width;
  size_t to = (size_t)l->augment.channels * (size_t)l->augment.height * (size_t)l->augment.width;
  s->total = left < l->batch_size ? left : l->batch_size;
  dla_share share = dla_share_of(s->total, l->rank, l->ranks);
  s->counts = share.count > 0;
  s->count = s->counts ? share.count : 1;
  first += s->counts ? share.first : 0;
  for (size_t i = 0; i < s->count; i++) {
    uint32_t sample = l->order[first + i];
    dla_placement placement = dla_augment_place(&l->augment, epoch, sample);
    dla_augment_image(&l->augment, placement, d->images + sample * from, s->images + i * to);
    s->labels[i] = d->labels[sample];
  }
}

static void begin_epoch(dla_loader *l, uint64_t epoch)
{
  if (l->shuffle)
    dla_sampler_shuffle(l->order, l->dataset->count, l->augment.seed, epoch);
  else
    dla_sampler_in_order(l->order, l->dataset->count);
}

/* With the lock held: waits until a slot is free for a batch of *current, or another epoch was
 * asked for, which then becomes *current. False: quit. */
static bool wait_for_work(dla_loader *l, request *current, size_t next_batch)
{
  while (!l->quit && l->request.serial == current->serial &&
         (next_batch >= l->batches || l->ready + l->held == SLOTS))
    pthread_cond_wait(&l->changed, &l->lock);
  return !l->quit;
}

/* With the lock held, but not while it computes. False: the epoch was dropped meanwhile. */
static bool prepare_batch(dla_loader *l, const request *current, size_t batch)
{
  slot *s = &l->slots[(l->head + l->ready) % SLOTS];
  pthread_mutex_unlock(&l->lock);
  fill_slot(l, s, current->epoch, batch);
  pthread_mutex_lock(&l->lock);
  if (l->request.serial != current->serial) return false;
  l->ready++;
  pthread_cond_broadcast(&l->changed);
  return true;
}

static void *prepare_batches(void *argument)
{
  dla_loader *l = argument;
  request current = {0}; /* no epoch has the serial number 0 */
  size_t next_batch = l->batches;
  pthread_mutex_lock(&l->lock);
  while (wait_for_work(l, &current, next_batch)) {
    if (l->request.serial == current.serial) {
      next_batch += prepare_batch(l, &current, next_batch);
      continue;
    }
    current = l->request;
    next_batch = current.first_batch;
    pthread_mutex_unlock(&l->lock);
    begin_epoch(l, current.epoch);
    pthread_mutex_lock(&l->lock);
  }
  pthread_mutex_unlock(&l->lock);
  return NULL;
}

/* ---- The caller ---- */

static dla_status allocate(dla_loader *l, dla_error *err)
{
  size_t total = l->dataset->count < l->batch_size ? l->dataset->count : l->batch_size;
  size_t count = dla_share_of(total, 0, l->ranks).count; /* no rank has more than the first */
  size_t image = sizeof(float) * (size_t)l->augment.channels * (size_t)l->augment.height *
                 (size_t)l->augment.width;
  if (count > (SIZE_MAX - ALIGNMENT) / image) return dla_fail_memory(err, "the batches");
  size_t bytes = (count * image + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  for (int i = 0; i < SLOTS; i++) {
    l->slots[i].images = aligned_alloc(ALIGNMENT, bytes);
    l->slots[i].labels = malloc(count * sizeof *l->slots[i].labels);
    if (!l->slots[i].images || !l->slots[i].labels) return dla_fail_memory(err, "the batches");
  }
  l->order = malloc(l->dataset->count * sizeof *l->order);
  return l->order ? DLA_OK : dla_fail_memory(err, "the order of the samples");
}

/* The thread takes no signals: they are for the thread that trains. */
static dla_status start_thread(dla_loader *l, dla_error *err)
{
  sigset_t all, before;
  pthread_mutex_init(&l->lock, NULL);
  pthread_cond_init(&l->changed, NULL);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  dla_status status = dla_start_thread(&l->thread, NULL, prepare_batches, l,
                                       "the thread that prepares batches", err);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  l->running = status == DLA_OK;
  if (l->running) return DLA_OK;
  pthread_cond_destroy(&l->changed);
  pthread_mutex_destroy(&l->lock);
  return status;
}

dla_status dla_loader_create(const dla_dataset *dataset, const dla_loader_options *options,
                             dla_loader **loader, dla_error *err)
{
  if (options->batch_size == 0 || dataset->count == 0)
    return dla_fail(err, DLA_E_INPUT, NULL, NULL, "batches of %zu out of %zu images",
                    options->batch_size, dataset->count);
  dla_loader *l = calloc(1, sizeof *l);
  if (!l) return dla_fail_memory(err, "the loader");
  l->dataset = dataset;
  l->batch_size = options->batch_size;
  l->batches = (dataset->count - 1) / options->batch_size + 1;
  l->shuffle = options->shuffle;
  l->rank = options->rank;
  l->ranks = options->ranks > 0 ? options->ranks : 1;
  dla_status status = dla_augment_init(&l->augment, dataset, options, err);
  if (status == DLA_OK) status = allocate(l, err);
  if (status == DLA_OK) status = start_thread(l, err);
  if (status == DLA_OK)
    *loader = l;
  else
    dla_loader_free(l);
  return status;
}

void dla_loader_start(dla_loader *loader, uint64_t epoch, size_t first_batch)
{
  pthread_mutex_lock(&loader->lock);
  loader->request.serial++;
  loader->request.epoch = epoch;
  loader->request.first_batch = first_batch;
  loader->ready = 0;
  loader->held = 0;
  loader->to_hand = first_batch < loader->batches ? loader->batches - first_batch : 0;
  pthread_cond_broadcast(&loader->changed);
  pthread_mutex_unlock(&loader->lock);
}

void dla_loader_next(dla_loader *loader, dla_batch *batch)
{
  *batch = (dla_batch){0};
  pthread_mutex_lock(&loader->lock);
  loader->held = 0;
  pthread_cond_broadcast(&loader->changed);
  while (loader->to_hand > 0 && loader->ready == 0)
    pthread_cond_wait(&loader->changed, &loader->lock);
  if (loader->to_hand > 0) {
    const slot *s = &loader->slots[loader->head];
    *batch = (dla_batch){.count = s->count,
                         .counts = s->counts,
                         .total = s->total,
                         .images = s->images,
                         .labels = s->labels};
    loader->head = (loader->head + 1) % SLOTS;
    loader->to_hand--;
    loader->ready--;
    loader->held = 1;
  }
  pthread_mutex_unlock(&loader->lock);
}

size_t dla_loader_batches(const dla_loader *loader)
{
  return loader->batches;
}

static void stop_thread(dla_loader *l)
{
  pthread_mutex_lock(&l->lock);
  l->quit = true;
  pthread_cond_broadcast(&l->changed);
  pthread_mutex_unlock(&l->lock);
  pthread_join(l->thread, NULL);
  pthread_cond_destroy(&l->changed);
  pthread_mutex_destroy(&l->lock);
}

void dla_loader_free(dla_loader *loader)
{
  if (!loader) return;
  if (loader->running) stop_thread(loader);
  for (int i = 0; i < SLOTS; i++) {
    free(loader->slots[i].images);
    free(loader->slots[i].labels);
  }
  free(loader->order);
  free(loader);
}
