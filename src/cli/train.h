#ifndef DLA_CLI_TRAIN_H
#define DLA_CLI_TRAIN_H

#include "dla/status.h"

/* Does what `dla-train train FILE` does, with the text of a config. name is for errors. */
dla_status dla_cli_train_text(const char *name, const char *text, dla_error *err);

#endif
