/* A child process in its own process group; its output is read line by line. It gets back what this
 * process inherited (base/inherited.h). It is always another program, or this one started again: a
 * forked process of a program with threads could call little more than execve(). */
#ifndef DLA_PROCESS_H
#define DLA_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_process {
  char *const *argv; /* argv[0] must be a path */
  const char *input; /* the text on its standard input; NULL: none */
  char **env;
  const char *folder;    /* the folder it starts in */
  const int *cpus;       /* processors that it may use */
  int cpu_count;         /* 0: the processors of this process */
  uint64_t memory_limit; /* limit on the memory of the whole group, in MB; 0: none */
  /* Returns the signal that asked to stop, or 0. It is passed on to the group, which then has some
   * time to end. */
  int (*signal)(void *context);
  void *signal_context;
  void (*line)(void *context, const char *line); /* gets lines of standard output and error; may be
                                                  * NULL */
  void *line_context;
} dla_process;

typedef struct dla_process_end {
  int status; /* as in a shell: 128 plus the number for a signal */
  bool interrupted, over_memory;
} dla_process_end;

/* Starts the process, and waits until it and all its descendants have ended. Descendants that
 * outlive it get SIGTERM, and SIGKILL two seconds later. An error means that it could not be
 * started; otherwise *end says how it ended. */
dla_status dla_process_run(const dla_process *process, dla_process_end *end, dla_error *err);

#endif
