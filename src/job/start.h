/* The start of a run: its configuration, and the checkpoint that checkpoint.in names. */
#ifndef DLA_JOB_START_H
#define DLA_JOB_START_H

#include "dla/checkpoint.h"
#include "job/staged_run.h"

typedef struct dla_start {
  dla_config config;
  dla_checkpoint *checkpoint; /* NULL: a fresh run */
  dla_strbuf path;            /* of the checkpoint */
  dla_staged_run *staged;     /* NULL: no staging */
  const dla_job_hooks *hooks; /* not owned */
  dla_dist *dist;             /* the ranks of the run; NULL: this process alone. Not owned */
} dla_start;

/* Loads the configuration. Fetches a remote input and this run's files in the output's store.
 * Finds and reads the checkpoint, and uses its configuration for keys that were not given.
 * Reports the start, each changed key with the value that wins, and differences in the
 * environment. Refuses combinations that make no sense.
 *
 * End it with dla_staged_run_finish(), which pushes the output, or with dla_start_free() alone,
 * which does not. On failure nothing needs freeing. hooks must outlive *start. */
dla_status dla_start_run(const dla_config_layers *layers, const dla_job_hooks *hooks,
                         dla_dist *dist, dla_start *start, dla_error *err);
/* Call after the restore: reports the checkpoint's warnings. */
void dla_start_warn(const dla_start *start);
/* The step that the run resumes from. */
int64_t dla_start_step(const dla_start *start);
void dla_start_free(dla_start *start);

#endif
