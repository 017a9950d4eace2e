/* Which processors the threads that compute run on, and for how long at a time. */
#ifndef DLA_BASE_SCHEDULING_H
#define DLA_BASE_SCHEDULING_H

#include <stdbool.h>
#include <sys/types.h>

#include "dla/status.h"

/* A place (one processor or several) for each thread of a team; or none, and Linux decides. */
typedef struct dla_places dla_places;

/* OpenMP's places where the user asks for them; else the process's processors, if they are as many
 * as the threads. */
dla_status dla_places_create(int threads, dla_places **places, dla_error *err);
void dla_places_destroy(dla_places *places);
bool dla_places_by_user(const dla_places *places);

/* Has each thread a processor of its own, which the user did not choose? */
bool dla_places_are_own(const dla_places *places);

/* Binds the calling thread to place k. One that is refused changes the speed only. */
void dla_places_bind(const dla_places *places, int k);
/* The same of any thread, by its number in Linux. */
void dla_places_bind_thread(const dla_places *places, int k, pid_t thread);

/* Binds the calling one to place k, until it goes back to where it might run before. */
void dla_places_enter(dla_places *places, int k);
void dla_places_leave(const dla_places *places);

/* With OMP_PROC_BIND and the like libgomp binds the first thread to the first of OpenMP's places,
 * before main(). This lets the calling thread run on all of them. */
void dla_unbind(void);

/* Asks for short slices, more of them: so a thread that wakes up on a processor that is shared gets
 * it at once instead of when the other one's slice ends, 3 ms later, and all others of the team
 * wait for it no longer than that. Its share of the time stays what it was. Linux 6.12 and later;
 * others ignore it (https://docs.kernel.org/scheduler/sched-eevdf.html). */
void dla_ask_for_short_slices(void);
/* A child process inherits them; this gives them up. Only system calls. */
void dla_ask_for_usual_slices(void);

#endif
