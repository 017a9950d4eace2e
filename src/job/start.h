/* Where a run starts: its configuration, and the checkpoint that checkpoint.in names. */
#ifndef DLA_JOB_START_H
#define DLA_JOB_START_H

#include "dla/checkpoint.h"
#include "job/staged_run.h"

typedef struct dla_start {
  dla_config config;
  dla_checkpoint *checkpoint; /* NULL: fresh */
  dla_strbuf path;            /* of the checkpoint */
  dla_staged_run *staged;     /* NULL: nothing is staged */
  const dla_job_hooks *hooks; /* not owned */
  dla_dist *dist;             /* the ranks that it starts on; NULL: this process. Not owned */
} dla_start;

/* Loads the configuration. Fetches a remote input, and what the output's store has of this run.
 * Finds and reads the checkpoint, and puts its configuration under what was given. Says what it
 * starts from, key by key what was changed and which side wins, and what computes otherwise than
 * then. Refuses what makes no sense.
 *
 * Ends with dla_staged_run_finish(), which pushes the output, or with dla_start_free() alone, which
 * does not. On failure nothing needs freeing. hooks must outlive *start. */
dla_status dla_start_run(const dla_config_layers *layers, const dla_job_hooks *hooks,
                         dla_dist *dist, dla_start *start, dla_error *err);
/* Once the checkpoint is restored: says what of it was not as it should be. */
void dla_start_warn(const dla_start *start);
/* The step that it goes on from. */
int64_t dla_start_step(const dla_start *start);
void dla_start_free(dla_start *start);

#endif
