/* Starts train and eval, and shows messages. */
#ifndef DLA_CLI_START_H
#define DLA_CLI_START_H

#include "cli/progress.h"
#include "cli/verb.h"
#include "job/start.h"

typedef struct dla_cli_start {
  dla_start job;
  dla_job_hooks hooks;
  dla_cli_progress progress;
  bool wants_ranks; /* --horovod */
} dla_cli_start;

/* Parses the command line and starts; see dla_start_run(). *start must stay where it is. trains:
 * the run continues from the checkpoint, so all of the checkpoint is needed. */
dla_status dla_cli_start_run(const dla_verb *verb, int argc, char **argv, void *options,
                             bool trains, dla_dist *dist, dla_cli_start *start, dla_error *err);
/* The same, from the text of a config alone. name is for errors. */
dla_status dla_cli_start_text(const char *name, const char *text, dla_cli_start *start,
                              dla_error *err);

#endif
