/* A child process: in a process group of its own, its output read line by line. It inherits what
 * this process did (base/inherited.h). It is always another program, or this one started anew: a
 * forked process beside threads could call little more than execve(). */
#ifndef DLA_PROCESS_H
#define DLA_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_process {
  char *const *argv; /* argv[0] is a path */
  const char *input; /* the text on its standard input; NULL: none */
  char **env;
  const char *folder;    /* where it starts */
  const int *cpus;       /* processors that it may use */
  int cpu_count;         /* 0: those of this process */
  uint64_t memory_limit; /* MB that the whole group may have in memory; 0: any */
  /* The signal that asked to stop, or 0: it is passed on to the group, which then has some time. */
  int (*signal)(void *context);
  void *signal_context;
  void (*line)(void *context, const char *line); /* of standard output and error; may be NULL */
  void *line_context;
} dla_process;

typedef struct dla_process_end {
  int status; /* as a shell has it: 128 and the number behind a signal */
  bool interrupted, over_memory;
} dla_process_end;

/* Starts it and waits, until it and all that descend from it have ended: what it left behind gets
 * SIGTERM, and SIGKILL two seconds later. An error is one of starting; *end is what became of it
 * otherwise. */
dla_status dla_process_run(const dla_process *process, dla_process_end *end, dla_error *err);

#endif
