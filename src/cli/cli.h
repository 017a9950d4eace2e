#ifndef DLA_CLI_H
#define DLA_CLI_H

#include "dla/status.h"

/* Runs the command line. Standard output is flushed when it returns. */
dla_status dla_cli_run(int argc, char **argv, dla_error *err);

#endif
