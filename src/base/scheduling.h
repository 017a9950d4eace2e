/* On which processors the computing threads run, and for how long at a time. */
#ifndef DLA_BASE_SCHEDULING_H
#define DLA_BASE_SCHEDULING_H

#include <stdbool.h>
#include <sys/types.h>

#include "dla/status.h"

/* A place (one processor or several) for each thread of a team. It may be empty: then Linux
 * decides. */
typedef struct dla_places dla_places;

/* Takes OpenMP's places where the user asks for them. Else it takes the process's processors, if
 * there are exactly as many as threads, unless OMP_PROC_BIND=false. */
dla_status dla_places_create(int threads, dla_places **places, dla_error *err);
void dla_places_destroy(dla_places *places);
bool dla_places_by_user(const dla_places *places);

/* Whether each thread has a processor of its own that the user did not choose. */
bool dla_places_are_own(const dla_places *places);

/* Binds the calling thread to place k. If the system refuses, only the speed changes. */
void dla_places_bind(const dla_places *places, int k);
/* The same for any thread, by its Linux thread id. */
void dla_places_bind_thread(const dla_places *places, int k, pid_t thread);

/* enter() binds the calling thread to place k. leave() lets it run again where it could before. */
void dla_places_enter(dla_places *places, int k);
void dla_places_leave(const dla_places *places);

/* With OMP_PROC_BIND and the like, libgomp binds the first thread to the first of OpenMP's places
 * before main(). This lets the calling thread run on all of the places. */
void dla_unbind(void);

/* Asks Linux for shorter slices of time, and more of them. A thread that wakes up on a shared
 * processor then gets it at once, not when the other thread's slice ends, 3 ms later; its team
 * would wait that long. Its share of the time stays the same. Linux 6.12 and later; older ones
 * ignore it (https://docs.kernel.org/scheduler/sched-eevdf.html). */
void dla_ask_for_short_slices(void);
/* For a child process, which inherits short slices. Makes only system calls. */
void dla_ask_for_usual_slices(void);

#endif
