/* Which processor each thread of a team has, where each has one of its own.
 *
 * When another process computes on a thread's processor, the thread loses it for some milliseconds.
 * The other threads then wait for the item it has begun. So a thread that is about to sleep changes
 * places with it: a thread that is ready to run goes on at once, on a processor that is free. */
#ifndef DLA_BASE_SEATS_H
#define DLA_BASE_SEATS_H

#include "base/scheduling.h"

typedef struct dla_seats dla_seats;

dla_status dla_seats_create(int threads, dla_seats **seats, dla_error *err);
void dla_seats_destroy(dla_seats *seats);

/* Makes the calling thread thread k from now on, and binds it to its seat. */
void dla_seats_take(dla_seats *seats, int k);
/* enter() does the same until leave(), which lets the thread run where it could before: for a
 * thread that computes only at times. */
void dla_seats_enter(dla_seats *seats, int k);
void dla_seats_leave(dla_seats *seats, int k);

/* Binds the calling thread, which is not of the team, to the processor of thread k, unless the user
 * decides. */
void dla_seats_share(const dla_seats *seats, int k);

/* The calling thread, k, begins or ends computing what others wait for. */
void dla_seats_compute(dla_seats *seats, int k, bool computes);

/* The calling thread, k, has nothing to do and is about to sleep. If a computing thread is ready
 * but does not run, the two change seats. */
void dla_seats_offer(dla_seats *seats, int k);
/* The calling thread, k, has slept or computed: it may have another seat now, and binds itself to
 * it. */
void dla_seats_settle(dla_seats *seats, int k);

#endif
