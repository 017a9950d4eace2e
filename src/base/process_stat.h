#ifndef DLA_BASE_PROCESS_STAT_H
#define DLA_BASE_PROCESS_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What /proc/PID/stat says of a process. */
typedef struct dla_process_stat {
  pid_t pid, parent, group, session;
  char state;              /* Z: it has ended, and its parent has not looked */
  long long pages;         /* in memory */
  unsigned long long size; /* of its addresses; 0: it has ended, but for the kernel's part */
  unsigned long long born; /* in ticks after boot: with pid, no other process has it */
} dla_process_stat;

/* False: there is no such process (any more). */
bool dla_process_look(pid_t pid, dla_process_stat *found);

/* All that can be seen; the caller frees *found. 0 where the system does not tell. */
size_t dla_process_list(dla_process_stat **found);

#endif
