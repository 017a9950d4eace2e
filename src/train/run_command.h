/* The command that repeats a run. */
#ifndef DLA_RUN_COMMAND_H
#define DLA_RUN_COMMAND_H

#include "config/config.h"

/* Appends a line for a shell: every key whose value is not the default, and the number of threads,
 * which the last bits depend on. It writes into a folder beside the run's own, pushes nothing, and
 * holds no secret: the environment has to give those. */
dla_status dla_run_command(const dla_config *config, int threads, int ranks, dla_strbuf *out,
                           dla_error *err);

#endif
