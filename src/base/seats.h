/* Which processor each thread of a team has, where each has one of its own.
 *
 * A thread loses its processor for some milliseconds when another process computes there, and those
 * who are done wait for what it has begun. So who is about to sleep changes places with it: a
 * thread that is ready goes on at once on a processor that nobody uses. */
#ifndef DLA_BASE_SEATS_H
#define DLA_BASE_SEATS_H

#include "base/scheduling.h"

typedef struct dla_seats dla_seats;

dla_status dla_seats_create(int threads, dla_seats **seats, dla_error *err);
void dla_seats_destroy(dla_seats *seats);

/* The calling thread is thread k from now on, and takes its seat. */
void dla_seats_take(dla_seats *seats, int k);
/* The same until it goes back to where it might run before: for one that computes at times. */
void dla_seats_enter(dla_seats *seats, int k);
void dla_seats_leave(dla_seats *seats, int k);

/* Binds the calling thread, which is none of the team's, to the processor of thread k, unless the
 * user decides. */
void dla_seats_share(const dla_seats *seats, int k);

/* Thread k, the calling one, computes what others wait for, or no longer. */
void dla_seats_compute(dla_seats *seats, int k, bool computes);

/* Thread k, the calling one, has nothing to do and is about to sleep: if one that computes is ready
 * but does not run, it gets k's seat, and k its. */
void dla_seats_offer(dla_seats *seats, int k);
/* Thread k, the calling one, has slept, or computed: it may have another seat now. */
void dla_seats_settle(dla_seats *seats, int k);

#endif
