#include "base/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/relax.h"
#include "base/scheduling.h"
#include "base/seats.h"
#include "base/start_thread.h"

enum {
  RUNS = 128, /* in larger teams several threads share a run */
  LINE = 64,  /* bytes */
  /* Rounds of a pause instruction, some 10 to 50 microseconds. Loops follow one another faster than
   * that. A thread that spins for longer keeps a shared processor from those that compute. */
  SPINS = 1000,
};

/* The items of one thread. It has a cache line of its own, so that threads do not wait for each
 * other's counters. */
typedef struct run {
  _Alignas(LINE) _Atomic int64_t next;
  int64_t end;
} run;

typedef struct member {
  dla_team *team;
  int number;
  pthread_t handle;
} member;

struct dla_team {
  int threads, begun; /* begun: how many of the others have been started */
  member *other;
  dla_seats *seats;

  /* The loop. Written only while no thread is in it. */
  dla_loop *loop;
  const void *context;
  int runs;
  run run[RUNS];

  /* The OPEN bit is set while threads may join the loop. The rest counts the others that are in
   * it. */
  _Alignas(LINE) _Atomic unsigned state;
  _Alignas(LINE) _Atomic unsigned loops; /* how many so far; a change says that there is work */
  _Atomic int sleepers;                  /* how many of the others wait for that */
  _Atomic bool waits;                    /* the caller waits for the last of the others */
  _Atomic bool ended;
  pthread_mutex_t mutex; /* for both conditions */
  pthread_cond_t more, done;
};

struct dla_items {
  dla_team *team;
  int thread;
};

#define OPEN 0x80000000u

/* ---- Items */

static void deal(dla_team *team, int64_t count)
{
  team->runs = team->threads < RUNS ? team->threads : RUNS;
  for (int r = 0; r < team->runs; r++) {
    atomic_store_explicit(&team->run[r].next, count * r / team->runs, memory_order_relaxed);
    team->run[r].end = count * (r + 1) / team->runs;
  }
}

static bool take(run *r, int64_t *item)
{
  /* Looks before it writes: each thread asks a finished run once, and does not write to it. */
  if (atomic_load_explicit(&r->next, memory_order_relaxed) >= r->end) return false;
  *item = atomic_fetch_add_explicit(&r->next, 1, memory_order_relaxed);
  return *item < r->end;
}

bool dla_items_next(dla_items *items, int64_t *item)
{
  dla_team *team = items->team;
  int own = items->thread % team->runs;
  for (int k = 0; k < team->runs; k++)
    if (take(&team->run[(own + k) % team->runs], item)) return true;
  return false;
}

int dla_items_thread(const dla_items *items)
{
  return items->thread;
}

/* ---- The others */

static void sleep_until_more(dla_team *team, int thread, unsigned seen)
{
  for (int i = 0; i < SPINS; i++) {
    if (atomic_load(&team->loops) != seen) return;
    dla_relax();
  }
  dla_seats_offer(team->seats, thread);
  pthread_mutex_lock(&team->mutex);
  atomic_fetch_add(&team->sleepers, 1); /* first this, then a last look; publish() does it the other
                                         * way round */
  while (atomic_load(&team->loops) == seen)
    pthread_cond_wait(&team->more, &team->mutex);
  atomic_fetch_sub(&team->sleepers, 1);
  pthread_mutex_unlock(&team->mutex);
}

/* Returns false when the loop is over: its items are taken, and the caller may have gone on. */
static bool join(dla_team *team)
{
  unsigned state = atomic_load(&team->state);
  while (state & OPEN)
    if (atomic_compare_exchange_weak(&team->state, &state, state + 1)) return true;
  return false;
}

static void leave(dla_team *team)
{
  if (atomic_fetch_sub(&team->state, 1) != 1 || !atomic_load(&team->waits)) return;
  pthread_mutex_lock(&team->mutex);
  pthread_cond_signal(&team->done);
  pthread_mutex_unlock(&team->mutex);
}

static void *compute(void *context)
{
  const member *m = context;
  dla_team *team = m->team;
  dla_items items = {team, m->number};
  dla_seats_take(team->seats, m->number);
  dla_ask_for_short_slices();
  for (unsigned seen = 0; !atomic_load(&team->ended);) {
    sleep_until_more(team, m->number, seen);
    dla_seats_settle(team->seats, m->number);
    seen = atomic_load(&team->loops);
    if (!join(team)) continue;
    dla_seats_compute(team->seats, m->number, true);
    team->loop(team->context, &items);
    dla_seats_compute(team->seats, m->number, false);
    leave(team);
  }
  return NULL;
}

/* ---- The caller */

static void publish(dla_team *team)
{
  atomic_fetch_add(&team->loops, 1);
  if (!atomic_load(&team->sleepers)) return;
  pthread_mutex_lock(&team->mutex);
  pthread_cond_broadcast(&team->more);
  pthread_mutex_unlock(&team->mutex);
}

/* Lets no more threads join; waits for those in the loop to finish their items. */
static void close_loop(dla_team *team)
{
  atomic_fetch_and(&team->state, ~OPEN);
  for (int i = 0; i < SPINS; i++) {
    if (!atomic_load(&team->state)) return;
    dla_relax();
  }
  dla_seats_offer(team->seats, 0);
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->waits, true); /* first this, then a last look; leave() does it the other way
                                     * round */
  while (atomic_load(&team->state))
    pthread_cond_wait(&team->done, &team->mutex);
  atomic_store(&team->waits, false);
  pthread_mutex_unlock(&team->mutex);
  dla_seats_settle(team->seats, 0);
}

static void run_alone(int64_t count, dla_loop *loop, const void *context)
{
  dla_team alone = {.threads = 1};
  dla_team_run(&alone, count, loop, context);
}

void dla_team_run(dla_team *team, int64_t count, dla_loop *loop, const void *context)
{
  if (!team) {
    run_alone(count, loop, context);
    return;
  }
  dla_items items = {team, 0};
  deal(team, count);
  if (team->threads == 1 || count <= 1) { /* nothing to share */
    loop(context, &items);
    return;
  }
  team->loop = loop;
  team->context = context;
  atomic_store(&team->state, OPEN);
  publish(team);
  loop(context, &items);
  dla_seats_compute(team->seats, 0, false);
  close_loop(team);
  dla_seats_compute(team->seats, 0, true); /* between loops, too: the others wait for the next
                                            * one */
}

int dla_team_threads(const dla_team *team)
{
  return team ? team->threads : 1;
}

void dla_team_enter(dla_team *team)
{
  dla_seats_enter(team->seats, 0);
  dla_seats_compute(team->seats, 0, true);
}

void dla_team_leave(dla_team *team)
{
  dla_seats_leave(team->seats, 0);
}

void dla_team_bind(const dla_team *team, int k)
{
  dla_seats_share(team->seats, k);
}

/* ---- Beginning and end */

static dla_status begin_threads(dla_team *team, dla_error *err)
{
  for (; team->begun < team->threads - 1; team->begun++) {
    member *m = &team->other[team->begun];
    *m = (member){.team = team, .number = team->begun + 1};
    if (pthread_create(&m->handle, NULL, compute, m))
      return dla_fail_few_threads(team->begun + 1, team->threads, DLA_THREAD_LIMITS, err);
  }
  dla_ask_for_short_slices();
  return DLA_OK;
}

dla_status dla_team_create(int threads, dla_team **team_out, dla_error *err)
{
  dla_team *team = aligned_alloc(LINE, sizeof *team);
  if (!team) return dla_fail_memory(err, "the threads");
  *team = (dla_team){.threads = threads};
  pthread_mutex_init(&team->mutex, NULL);
  pthread_cond_init(&team->more, NULL);
  pthread_cond_init(&team->done, NULL);
  team->other = calloc((size_t)threads, sizeof *team->other);
  dla_status status = team->other ? dla_seats_create(threads, &team->seats, err)
                                  : dla_fail_memory(err, "the threads");
  if (!status) status = begin_threads(team, err);
  if (status)
    dla_team_destroy(team);
  else
    *team_out = team;
  return status;
}

void dla_team_destroy(dla_team *team)
{
  if (!team) return;
  atomic_store(&team->ended, true);
  publish(team);
  for (int k = 0; k < team->begun; k++)
    pthread_join(team->other[k].handle, NULL);
  pthread_cond_destroy(&team->done);
  pthread_cond_destroy(&team->more);
  pthread_mutex_destroy(&team->mutex);
  dla_seats_destroy(team->seats);
  free(team->other);
  free(team);
}
