/* The processes that descend from this one, as /proc tells. */
#ifndef DLA_PROCESS_KIN_H
#define DLA_PROCESS_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Orphans among the descendants become children of this process, instead of the system's first one:
 * so they can be found. */
void dla_kin_adopt(void);

/* What tells the descendants that were started here from others, because a shell that becomes this
 * program hands down its own children: a variable, "NAME=", in their environment. They hand it on.
 */
enum { DLA_KIN_MARK = 64 };
void dla_kin_mark(char mark[DLA_KIN_MARK], unsigned long long number);

/* Some of the descendants. */
typedef struct dla_kin {
  const char *mark; /* those whose environment has a variable that begins so, */
  pid_t group;      /* and those in this process group, */
  bool but_group;   /* or without the latter */
} dla_kin;

/* Sends them the signal (0: none). Returns how many there are; those that have ended do not count.
 */
size_t dla_kin_signal(const dla_kin *which, int number);

/* Takes notice of the end of adopted ones. */
void dla_kin_reap(void);

/* Ends all descendants that were started here: they are told by the signal, get a moment to remove
 * what they made, and are killed. For the end of this process. */
void dla_kin_end(int number);

#endif
