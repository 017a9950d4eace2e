#include "dla/loader.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "augment/mix.h"
#include "augment/transform.h"
#include "base/philox.h"
#include "base/start_thread.h"
#include "data/sampler.h"
#include "dla/dist.h"

/* The caller has one batch while the workers prepare the other. From images in memory a batch takes
 * a thousandth of a training step, so more slots would only cost memory. */
enum { SLOTS = 2, ALIGNMENT = 64, WORKERS_MAX = 256 };

/* STAND_INS_MAX failures in a row are no longer a matter of single files. MISSING_MAX missing
 * samples are noted until the caller asks for them. */
enum { STAND_INS_MAX = 16, MISSING_MAX = 256 };

typedef struct missing {
  uint32_t sample;
  dla_error why;
} missing;

/* A batch. While it is being filled, its parts go to the workers. */
typedef struct slot {
  float *images;
  int32_t *labels;
  size_t number;              /* in the epoch */
  size_t first, count, total; /* samples: the first one in the epoch's order; how many this rank
                               * has; how many all ranks have */
  bool counts;
  size_t wanted;      /* samples to make: `lead` in front, then `count` */
  size_t taken, done; /* of the wanted samples: how many a worker took, how many are finished */
  dla_mix mix;
  bool ready; /* all are finished, and mixed if that is asked for */
} slot;

/* What dla_loader_start() asks for. The serial number tells this epoch from one that was
 * dropped. */
typedef struct request {
  uint64_t serial, epoch;
  size_t first_batch;
} request;

struct dla_loader {
  const dla_dataset *dataset;
  dla_augment augment, full; /* for the epoch; and for images of full size */
  dla_progressive progressive;
  size_t batch_size, batches;
  bool shuffle;
  int rank, ranks;
  double mixup, cutmix;
  size_t lead; /* 1 if images are mixed: the sample before the first one; else 0 */

  pthread_t worker[WORKERS_MAX];
  int workers; /* how many were started */

  pthread_mutex_t lock; /* guards the members below, down to the blank line */
  pthread_cond_t changed;
  request request;
  uint64_t ordered; /* the serial number of the epoch that `order` belongs to */
  bool ordering;    /* a worker is making it */
  bool quit;
  size_t next_batch; /* the next batch of the epoch to begin */
  size_t head;       /* the slot to hand out next */
  size_t begun;      /* slots from there on that have a batch, complete or not */
  size_t held;       /* 1 while the caller has the batch in the slot before `head` */
  size_t to_hand;    /* batches of the epoch that are still to be handed out */
  int busy;          /* workers that have a part of a batch, perhaps of a dropped epoch */
  slot slots[SLOTS];
  bool blank; /* a missing picture is replaced by zeros, not by another one */
  size_t stand_ins;
  size_t missing_count;
  /* [MISSING_MAX], and a bit for each sample that was noted. NULL if no pictures are read. */
  missing *absent;
  uint8_t *told;
  dla_status failed; /* why there are no more batches; details in `error` */
  dla_error error;

  uint32_t *order; /* written only while no worker is busy; so is `augment` */
};

/* ---- The workers ---- */

/* A part of a batch, for one worker. */
typedef struct part {
  slot *slot;
  uint64_t serial, epoch;
  size_t first, count; /* in the slot */
} part;

/* Notes once why a sample is missing. */
static void note_missing(dla_loader *l, uint32_t sample, const dla_error *why)
{
  pthread_mutex_lock(&l->lock);
  l->stand_ins++;
  const uint8_t bit = (uint8_t)(1 << sample % 8);
  if (l->told && !(l->told[sample / 8] & bit) && l->missing_count < MISSING_MAX) {
    l->told[sample / 8] |= bit;
    l->absent[l->missing_count++] = (missing){sample, *why};
  }
  pthread_mutex_unlock(&l->lock);
}

/* Number i of the slot's wanted samples: the batch's samples, with the one before them in front.
 * The one before the first sample of all is the last one. */
static uint32_t sample_of(const dla_loader *l, const slot *s, size_t i)
{
  const size_t begin = s->number * l->batch_size, within = s->first - begin;
  if (i >= l->lead) return l->order[s->first + i - l->lead];
  return l->order[begin + (within + s->total - 1) % s->total];
}

/* Makes the sample. If its picture cannot be read, another sample takes its place. Which one
 * depends on the sample's number, and on which of the others cannot be read either. */
static dla_status fill_sample(dla_loader *l, const part *p, size_t i, dla_hand *hand,
                              dla_error *err)
{
  const dla_augment *a = &l->augment;
  const size_t size = (size_t)a->channels * (size_t)a->height * (size_t)a->width;
  const uint32_t wanted = sample_of(l, p->slot, i);
  dla_random random = dla_random_at(a->seed, DLA_RANDOM_STAND_IN, 0, wanted);
  uint32_t sample = wanted;
  for (int attempt = 0;; attempt++) {
    dla_status status = dla_transform_sample(a, l->dataset, p->epoch, sample, hand,
                                             p->slot->images + i * size, err);
    p->slot->labels[i] = l->dataset->labels[sample];
    const bool cannot = l->dataset->read && (status == DLA_E_INPUT || status == DLA_E_IO);
    if (!cannot || attempt == STAND_INS_MAX) return status;
    if (i >= l->lead) note_missing(l, sample, err);
    if (l->blank) {
      memset(p->slot->images + i * size, 0, size * sizeof *p->slot->images);
      return DLA_OK;
    }
    sample = dla_random_below(&random, (uint32_t)l->dataset->count);
  }
}

static dla_status fill_part(dla_loader *l, const part *p, dla_hand *hand, dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = p->first; i < p->first + p->count && !status; i++)
    status = fill_sample(l, p, i, hand, err);
  return status;
}

/* The caller holds the lock; it is released while shuffling. */
static void make_order(dla_loader *l)
{
  const request wanted = l->request;
  l->ordering = true;
  pthread_mutex_unlock(&l->lock);
  if (l->shuffle)
    dla_sampler_shuffle(l->order, l->dataset->count, l->augment.seed, wanted.epoch);
  else
    dla_sampler_in_order(l->order, l->dataset->count);
  dla_augment_begin(&l->augment, &l->full, &l->progressive, wanted.epoch);
  pthread_mutex_lock(&l->lock);
  l->ordering = false;
  l->ordered = wanted.serial; /* another epoch may have been asked for meanwhile */
  l->next_batch = wanted.first_batch;
  pthread_cond_broadcast(&l->changed);
}

static void begin_batch(dla_loader *l)
{
  slot *s = &l->slots[(l->head + l->begun++) % SLOTS];
  s->number = l->next_batch++;
  size_t first = s->number * l->batch_size, left = l->dataset->count - first;
  s->total = left < l->batch_size ? left : l->batch_size;
  dla_share share = dla_share_of(s->total, l->rank, l->ranks);
  s->counts = share.count > 0;
  s->count = s->counts ? share.count : 1;
  s->first = first + (s->counts ? share.first : 0);
  s->wanted = l->lead + s->count;
  s->taken = s->done = 0;
  s->ready = false;
  if (!l->lead) return;
  dla_random random =
      dla_random_at(l->augment.seed, DLA_RANDOM_MIX, l->request.epoch, (uint32_t)s->number);
  s->mix = dla_draw_mix(l->mixup, l->cutmix, &random, l->augment.height, l->augment.width);
}

/* The first batch that has samples left to take; NULL if there is none. */
static slot *open_batch(dla_loader *l)
{
  for (size_t i = 0; i < l->begun; i++) {
    slot *s = &l->slots[(l->head + i) % SLOTS];
    if (s->taken < s->wanted) return s;
  }
  return NULL;
}

/* A single worker takes a whole batch. Several take parts, small enough to end at about the same
 * time. */
static part take_part(dla_loader *l, slot *s)
{
  size_t left = s->wanted - s->taken, parts = 8 * (size_t)l->workers;
  size_t count = l->workers > 1 ? (s->wanted + parts - 1) / parts : s->wanted;
  if (count > left) count = left;
  part p = {s, l->request.serial, l->request.epoch, s->taken, count};
  s->taken += count;
  l->busy++;
  return p;
}

/* The caller holds the lock. Waits for something to do. Returns false to quit. */
static bool wait_for_part(dla_loader *l, part *p)
{
  while (!l->quit) {
    bool current = l->request.serial == l->ordered && !l->failed;
    slot *s = current ? open_batch(l) : NULL;
    if (s) {
      *p = take_part(l, s);
      return true;
    }
    if (current && l->next_batch < l->batches && l->begun + l->held < SLOTS)
      begin_batch(l);
    else if (l->request.serial != l->ordered && l->busy == 0 && !l->ordering)
      make_order(l);
    else
      pthread_cond_wait(&l->changed, &l->lock);
  }
  return false;
}

/* The caller holds the lock; it is released while mixing. */
static void finish_batch(dla_loader *l, slot *s)
{
  const dla_augment *a = &l->augment;
  if (l->lead && !l->failed) {
    pthread_mutex_unlock(&l->lock);
    dla_mix_images(&s->mix, s->images, s->count, a->channels, a->height, a->width);
    pthread_mutex_lock(&l->lock);
  }
  s->ready = true;
}

static void finish_part(dla_loader *l, const part *p, dla_status status, const dla_error *err)
{
  if (l->request.serial == p->serial && status) {
    l->failed = status;
    l->error = *err;
  }
  if (l->request.serial == p->serial) {
    p->slot->done += p->count;
    if (p->slot->done == p->slot->wanted) finish_batch(l, p->slot);
  }
  l->busy--; /* before this, no slot is filled for another epoch */
  pthread_cond_broadcast(&l->changed);
}

static void *work(void *argument)
{
  dla_loader *l = argument;
  dla_hand hand = {0};
  part p;
  pthread_mutex_lock(&l->lock);
  while (wait_for_part(l, &p)) {
    pthread_mutex_unlock(&l->lock);
    dla_error err = {0};
    dla_status status = fill_part(l, &p, &hand, &err);
    pthread_mutex_lock(&l->lock);
    finish_part(l, &p, status, &err);
  }
  pthread_mutex_unlock(&l->lock);
  dla_hand_free(&hand);
  return NULL;
}

/* ---- The caller ---- */

static dla_status allocate(dla_loader *l, dla_error *err)
{
  size_t total = l->dataset->count < l->batch_size ? l->dataset->count : l->batch_size;
  size_t count = l->lead + dla_share_of(total, 0, l->ranks).count; /* rank 0's share is the
                                                                    * largest */
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
  if (l->dataset->read) {
    l->absent = malloc(MISSING_MAX * sizeof *l->absent);
    l->told = calloc(l->dataset->count / 8 + 1, 1);
    if (!l->absent || !l->told) return dla_fail_memory(err, "the list of missing pictures");
  }
  return l->order ? DLA_OK : dla_fail_memory(err, "the order of the samples");
}

/* The workers block all signals: these are for the thread that trains. */
static dla_status start_workers(dla_loader *l, int workers, dla_error *err)
{
  sigset_t all, before;
  dla_status status = DLA_OK;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (int i = 0; i < workers && !status; i++) {
    status = dla_start_thread(&l->worker[i], NULL, work, l, "a thread that prepares batches", err);
    pthread_mutex_lock(&l->lock);
    l->workers += status == DLA_OK;
    pthread_mutex_unlock(&l->lock);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
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
  l->next_batch = l->batches; /* none until an epoch is asked for */
  l->shuffle = options->shuffle;
  l->blank = options->blank;
  l->rank = options->rank;
  l->ranks = options->ranks > 0 ? options->ranks : 1;
  l->mixup = options->mixup;
  l->cutmix = options->cutmix;
  l->lead = options->mixup > 0 || options->cutmix > 0;
  pthread_mutex_init(&l->lock, NULL);
  pthread_cond_init(&l->changed, NULL);
  int workers = options->workers < WORKERS_MAX ? options->workers : WORKERS_MAX;
  dla_status status = dla_augment_init(&l->full, dataset, options, err);
  l->progressive = options->progressive;
  l->augment = l->full;
  if (status == DLA_OK) status = allocate(l, err);
  if (status == DLA_OK) status = start_workers(l, workers > 0 ? workers : 1, err);
  if (status == DLA_OK)
    *loader = l;
  else
    dla_loader_free(l);
  return status;
}

void dla_loader_start(dla_loader *loader, uint64_t epoch, size_t first_batch)
{
  pthread_mutex_lock(&loader->lock);
  loader->request = (request){loader->request.serial + 1, epoch, first_batch};
  loader->begun = 0;
  loader->held = 0;
  loader->to_hand = first_batch < loader->batches ? loader->batches - first_batch : 0;
  loader->failed = DLA_OK;
  pthread_cond_broadcast(&loader->changed);
  pthread_mutex_unlock(&loader->lock);
}

static bool is_ready(const dla_loader *l)
{
  return l->begun > 0 && l->slots[l->head].ready;
}

/* The caller holds the lock. */
static void hand_out(dla_loader *l, dla_batch *batch)
{
  const slot *s = &l->slots[l->head];
  const dla_augment *a = &l->augment;
  const size_t size = (size_t)a->channels * (size_t)a->height * (size_t)a->width;
  *batch = (dla_batch){.count = s->count,
                       .counts = s->counts,
                       .total = s->total,
                       .images = s->images + l->lead * size,
                       .labels = s->labels + l->lead,
                       .partners = l->lead ? s->labels : NULL,
                       .lambda = l->lead ? s->mix.lambda : 1};
  l->head = (l->head + 1) % SLOTS;
  l->to_hand--;
  l->begun--;
  l->held = 1;
}

dla_status dla_loader_next(dla_loader *loader, dla_batch *batch, dla_error *err)
{
  *batch = (dla_batch){0};
  pthread_mutex_lock(&loader->lock);
  loader->held = 0;
  pthread_cond_broadcast(&loader->changed);
  while (loader->to_hand > 0 && !loader->failed && !is_ready(loader))
    pthread_cond_wait(&loader->changed, &loader->lock);
  dla_status status = loader->failed;
  if (status && err) *err = loader->error;
  if (!status && loader->to_hand > 0) hand_out(loader, batch);
  pthread_mutex_unlock(&loader->lock);
  return status;
}

size_t dla_loader_batches(const dla_loader *loader)
{
  return loader->batches;
}

size_t dla_loader_stand_ins(dla_loader *loader, dla_loader_report *report, void *context)
{
  pthread_mutex_lock(&loader->lock);
  const size_t count = loader->stand_ins;
  loader->stand_ins = 0;
  while (loader->missing_count > 0) {
    const missing m = loader->absent[--loader->missing_count];
    pthread_mutex_unlock(&loader->lock);
    if (report) report(context, m.sample, &m.why);
    pthread_mutex_lock(&loader->lock);
  }
  pthread_mutex_unlock(&loader->lock);
  return count;
}

static void stop_workers(dla_loader *l)
{
  pthread_mutex_lock(&l->lock);
  l->quit = true;
  pthread_cond_broadcast(&l->changed);
  pthread_mutex_unlock(&l->lock);
  for (int i = 0; i < l->workers; i++)
    pthread_join(l->worker[i], NULL);
}

void dla_loader_free(dla_loader *loader)
{
  if (!loader) return;
  stop_workers(loader);
  pthread_cond_destroy(&loader->changed);
  pthread_mutex_destroy(&loader->lock);
  for (int i = 0; i < SLOTS; i++) {
    free(loader->slots[i].images);
    free(loader->slots[i].labels);
  }
  free(loader->order);
  free(loader->absent);
  free(loader->told);
  free(loader);
}
