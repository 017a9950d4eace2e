#ifndef DLA_BASE_PROCESS_STAT_H
#define DLA_BASE_PROCESS_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The content of /proc/PID/stat. */
typedef struct dla_process_stat {
  pid_t pid, parent, group, session;
  char state;              /* Z: it has ended, and its parent has not waited for it */
  long long pages;         /* in memory */
  unsigned long long size; /* of its address space, in bytes; 0: only the kernel's part is left */
  unsigned long long born; /* in ticks after boot; no other process has the same pid and born */
} dla_process_stat;

/* Returns false where there is no such process (any more). */
bool dla_process_look(pid_t pid, dla_process_stat *found);

/* Lists all visible processes; the caller frees *found. Returns 0 where the system does not
 * tell. */
size_t dla_process_list(dla_process_stat **found);

#endif
