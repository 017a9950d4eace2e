#ifndef DLA_CLI_PROGRAM_PATH_H
#define DLA_CLI_PROGRAM_PATH_H

#include "dla/status.h"

/* The path of this program, for starting it again; the caller frees *path. */
dla_status dla_cli_program_path(char **path, dla_error *err);

#endif
