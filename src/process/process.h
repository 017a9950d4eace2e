/* A child process: in a process group of its own, its output read line by line. */
#ifndef DLA_PROCESS_H
#define DLA_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_process {
  char *const *argv; /* argv[0] is a path; NULL: `inside` runs instead, in the forked process */
  int (*inside)(void *context); /* returns the exit status */
  void *inside_context;
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

/* Starts it and waits. An error is one of starting; *end is what became of it otherwise. */
dla_status dla_process_run(const dla_process *process, dla_process_end *end, dla_error *err);

#endif
