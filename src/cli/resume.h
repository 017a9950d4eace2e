/* Where a run starts: its configuration, and the checkpoint that checkpoint.in names. */
#ifndef DLA_CLI_RESUME_H
#define DLA_CLI_RESUME_H

#include "cli/arguments.h"
#include "cli/progress.h"
#include "cli/staged_run.h"
#include "dla/checkpoint.h"

typedef struct dla_cli_start {
  dla_config config;
  dla_checkpoint *checkpoint; /* NULL: fresh */
  dla_strbuf path;            /* of the checkpoint */
  dla_staged_run *staged;     /* NULL: nothing is staged */
  dla_dist *dist;             /* the ranks that it starts on; NULL: this process. Not owned */
} dla_cli_start;

/* Parses the command line; fetches a remote input, and what the output's store has of this run. The
 * caller ends that with dla_staged_run_finish(), or dla_cli_start_free() pushes nothing. Finds and
 * reads the checkpoint, and puts its configuration under the file's and the command line's. Says
 * what is started from, key by key what was changed and which side wins, and what computes
 * otherwise than then. Refuses what makes no sense. */
dla_status dla_cli_start_run(const dla_verb *verb, int argc, char **argv, void *options,
                             dla_dist *dist, dla_cli_start *start, dla_error *err);
/* The same by the text of a config alone; name is for errors. */
dla_status dla_cli_start_text(const char *name, const char *text, dla_cli_start *start,
                              dla_error *err);
void dla_cli_start_free(dla_cli_start *start);

#endif
