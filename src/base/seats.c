#include <config.h> /* sched_setaffinity, gettid */

#include "base/seats.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/relax.h"

enum {
  LINE = 64,         /* bytes */
  LOOK_ROUNDS = 200, /* rounds of a pause instruction, some 2 to 10 microseconds */
  STANDS_NS = 500,   /* a thread that runs uses more time than that meanwhile */
};

typedef struct seat {
  _Alignas(LINE) _Atomic bool computes;
  _Atomic int place;
  int bound; /* the place that the thread has bound itself to */
  pid_t thread;
  clockid_t clock; /* counts its time on a processor */
  _Atomic bool known;
} seat;

struct dla_seats {
  dla_places *places;
  int count; /* 0: the threads do not change places */
  atomic_flag changing;
  seat *seat;
};

dla_status dla_seats_create(int threads, dla_seats **seats_out, dla_error *err)
{
  dla_seats *seats = calloc(1, sizeof *seats);
  if (!seats) return dla_fail_memory(err, "the threads");
  dla_status status = dla_places_create(threads, &seats->places, err);
  if (!status) {
    seats->seat = aligned_alloc(LINE, (size_t)threads * sizeof *seats->seat);
    if (!seats->seat) status = dla_fail_memory(err, "the threads");
  }
  if (status) {
    dla_seats_destroy(seats);
    return status;
  }
  for (int k = 0; k < threads; k++)
    seats->seat[k] = (seat){.place = k, .bound = k};
  seats->count = dla_places_are_own(seats->places) ? threads : 0;
  *seats_out = seats;
  return DLA_OK;
}

void dla_seats_destroy(dla_seats *seats)
{
  if (!seats) return;
  dla_places_destroy(seats->places);
  free(seats->seat);
  free(seats);
}

/* ---- Whose they are */

/* Guards what is known of a seat: it changes while nobody looks at it. */
static void lock(dla_seats *seats)
{
  while (atomic_flag_test_and_set(&seats->changing))
    dla_relax();
}

static void unlock(dla_seats *seats)
{
  atomic_flag_clear(&seats->changing);
}

static void know(dla_seats *seats, seat *s)
{
  lock(seats);
  s->thread = (pid_t)syscall(SYS_gettid);
  atomic_store(&s->known, pthread_getcpuclockid(pthread_self(), &s->clock) == 0);
  unlock(seats);
}

void dla_seats_take(dla_seats *seats, int k)
{
  seat *s = &seats->seat[k];
  s->bound = atomic_load(&s->place);
  dla_places_bind(seats->places, s->bound);
  know(seats, s);
}

void dla_seats_enter(dla_seats *seats, int k)
{
  seat *s = &seats->seat[k];
  s->bound = atomic_load(&s->place);
  dla_places_enter(seats->places, s->bound);
  know(seats, s);
}

void dla_seats_leave(dla_seats *seats, int k)
{
  lock(seats);
  atomic_store(&seats->seat[k].known, false);
  unlock(seats);
  dla_places_leave(seats->places);
}

void dla_seats_share(const dla_seats *seats, int k)
{
  if (!dla_places_by_user(seats->places))
    dla_places_bind(seats->places, atomic_load(&seats->seat[k].place));
}

/* ---- Changing them */

void dla_seats_compute(dla_seats *seats, int k, bool computes)
{
  atomic_store(&seats->seat[k].computes, computes);
}

static int64_t time_of(const seat *s)
{
  struct timespec t;
  return clock_gettime(s->clock, &t) ? -1 : t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Whether the thread computes, but makes no progress. A thread that waits for a file is not among
 * them: it does not compute. */
static bool stands(const seat *s)
{
  if (!atomic_load(&s->computes) || !atomic_load(&s->known)) return false;
  int64_t before = time_of(s);
  for (int i = 0; i < LOOK_ROUNDS; i++)
    dla_relax();
  int64_t after = time_of(s);
  return before >= 0 && after - before < STANDS_NS && atomic_load(&s->computes);
}

static void change(dla_seats *seats, seat *a, seat *b)
{
  int place = atomic_load(&a->place);
  atomic_store(&a->place, atomic_load(&b->place));
  atomic_store(&b->place, place);
  dla_places_bind_thread(seats->places, place, b->thread);
}

void dla_seats_offer(dla_seats *seats, int k)
{
  if (!seats->count || !atomic_load(&seats->seat[k].known)) return;
  if (atomic_flag_test_and_set(&seats->changing)) return;
  for (int other = 0; other < seats->count; other++)
    if (other != k && stands(&seats->seat[other])) {
      change(seats, &seats->seat[k], &seats->seat[other]);
      break;
    }
  unlock(seats);
}

void dla_seats_settle(dla_seats *seats, int k)
{
  seat *s = &seats->seat[k];
  int place = atomic_load(&s->place);
  if (!seats->count || !atomic_load(&s->known) || place == s->bound) return;
  s->bound = place;
  dla_places_bind(seats->places, place);
}
