/* The command that repeats a run. */
#ifndef DLA_RUN_COMMAND_H
#define DLA_RUN_COMMAND_H

#include "config/config.h"

/* Appends a shell command: every key that differs from its default, and the number of threads,
 * which affects the last bits. The new run writes to a folder beside the old one and pushes
 * nothing. The command holds no secrets: the environment must supply them. */
dla_status dla_run_command(const dla_config *config, int threads, int ranks, dla_strbuf *out,
                           dla_error *err);

#endif
