/* A verb's command line, parsed the same way for every verb. */
#ifndef DLA_CLI_ARGUMENTS_H
#define DLA_CLI_ARGUMENTS_H

#include "cli/verb.h"
#include "config/config.h"

typedef struct dla_arguments {
  char **operands; /* what is no option, in order; owned, as are the strings */
  int count;
  const char *lenient_checkpoint; /* what --checkpoint_in named, or NULL */
  bool wants_ranks;               /* --horovod */
} dla_arguments;

/* Stores the verb's flags in *options (its own struct, zero-initialised; see flag.h) and collects
 * the operands. Values are --name=value or --name value; behind -- everything is an operand. For a
 * verb that takes a config, the PyTorch program's options become operands "section.key=value" in
 * their place. On failure nothing needs freeing. */
dla_status dla_arguments_parse(dla_arguments *arguments, const dla_verb *verb, int argc,
                               char **argv, void *options, dla_error *err);
void dla_arguments_free(dla_arguments *arguments);

/* What a parsed command line says of the config, which borrows its strings. The caller frees
 * *overrides, also after a failure. */
dla_status dla_arguments_layers(const dla_arguments *arguments, dla_config_layers *layers,
                                char ***overrides, dla_error *err);
/* The config itself. folders: see dla_config_load(). */
dla_status dla_arguments_config(const dla_arguments *arguments, dla_config_folders *folders,
                                dla_config *config, dla_error *err);

/* The whole command line of a verb that takes a config: parses it and loads the config. */
dla_status dla_cli_load_config(dla_config *config, const dla_verb *verb, int argc, char **argv,
                               void *options, dla_error *err);

/* Is this operand a section.key=value, and no file? (A file with a = in its name: ./a=b.yaml) */
bool dla_operand_is_override(const char *operand);

#endif
