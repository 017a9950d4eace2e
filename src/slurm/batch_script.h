/* A Slurm batch script for one command that saves and ends with status 75 when it is told to
 * stop. */
#ifndef DLA_SLURM_BATCH_SCRIPT_H
#define DLA_SLURM_BATCH_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

typedef struct dla_batch_job {
  const char *name;       /* any text; characters that a directive cannot have are replaced */
  const char *directives; /* further lines "#SBATCH ..." */
  const char *folder;     /* the folder the command starts in; NULL: where Slurm starts the
                           * script */
  const char *command;    /* in shell syntax */
  int64_t signal_seconds; /* so long before its end the job is told to stop */
  bool requeue;           /* put the job back into the queue, also after status 75; not if it was
                           * cancelled */
} dla_batch_job;

void dla_batch_script(const dla_batch_job *job, dla_strbuf *out);

#endif
