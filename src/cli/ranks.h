/* The ranks of a parallel command: how they begin, agree on a failure, and end together. A failure
 * is told once, and is the exit status of the rank that tells it: a launcher takes the first one
 * that is not 0 for the job's. */
#ifndef DLA_CLI_RANKS_H
#define DLA_CLI_RANKS_H

#include "dla/dist.h"

typedef struct dla_cli_ranks {
  dla_dist *dist; /* NULL: there is only this process */
  bool agreed;    /* all ranks know that the command fails, */
  bool tells;     /* and this one says why */
} dla_cli_ranks;

dla_status dla_cli_ranks_begin(dla_cli_ranks *ranks, dla_error *err);
/* A point that every rank comes to, whatever its status: fails on all if it failed on one. */
dla_status dla_cli_ranks_agree(dla_cli_ranks *ranks, dla_status status, dla_error *err);
/* Ends with the others. Where a rank failed alone, says so and ends them all at once. What is
 * returned is for main to tell. */
dla_status dla_cli_ranks_end(dla_cli_ranks *ranks, dla_status status, dla_error *err);

#endif
