/* The ranks of a parallel command: they begin together, agree on a failure, and end together. Only
 * one rank reports a failure, and has it as exit status: a launcher takes the first status that is
 * not 0 for the job's. */
#ifndef DLA_CLI_RANKS_H
#define DLA_CLI_RANKS_H

#include "dla/dist.h"

typedef struct dla_cli_ranks {
  dla_dist *dist; /* NULL: this is the only process */
  bool agreed;    /* all ranks know that the command failed */
  bool tells;     /* this rank reports why */
} dla_cli_ranks;

dla_status dla_cli_ranks_begin(dla_cli_ranks *ranks, dla_error *err);
/* Every rank calls this, whatever its status. If one has failed, all fail. */
dla_status dla_cli_ranks_agree(dla_cli_ranks *ranks, dla_status status, dla_error *err);
/* Ends together with the others. If a rank failed alone, it reports that and ends all at once. main
 * reports the status that is returned. */
dla_status dla_cli_ranks_end(dla_cli_ranks *ranks, dla_status status, dla_error *err);

#endif
