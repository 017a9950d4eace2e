/* The descendants of this process, from /proc. */
#ifndef DLA_PROCESS_KIN_H
#define DLA_PROCESS_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Makes orphans among the descendants children of this process instead of the system's first one,
 * so that they can be found. */
void dla_kin_adopt(void);

/* The mark shows which descendants were started here. A shell that becomes this program by exec
 * leaves it children of its own. The mark is a variable, "NAME=", in their environment, which they
 * inherit. */
enum { DLA_KIN_MARK = 64 };
void dla_kin_mark(char mark[DLA_KIN_MARK], unsigned long long number);

/* Some of the descendants. */
typedef struct dla_kin {
  const char *mark; /* those whose environment has a variable that begins with it, */
  pid_t group;      /* and those in this process group; */
  bool but_group;   /* or without the group */
} dla_kin;

/* Sends them the signal (0: none). Returns how many there are, without those that have ended. */
size_t dla_kin_signal(const dla_kin *which, int number);

/* Waits for adopted processes that have ended. */
void dla_kin_reap(void);

/* Ends all descendants that were started here. They get the signal and a moment to remove what they
 * made, and then are killed. For the end of this process. */
void dla_kin_end(int number);

#endif
