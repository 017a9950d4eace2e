/* Parses a verb's command line, in the same way for every verb. */
#ifndef DLA_CLI_ARGUMENTS_H
#define DLA_CLI_ARGUMENTS_H

#include "cli/verb.h"
#include "config/config.h"

struct dla_arguments {
  char **operands; /* arguments that are no options, in order; owned, as are the strings */
  int count;
  const char *lenient_checkpoint; /* the value of --checkpoint_in, or NULL */
  bool wants_ranks;               /* --horovod */
};

/* Stores the verb's flags in *options (the verb's struct, zero-initialised; see flag.h) and
 * collects the operands. Values are --name=value or --name value; behind -- everything is an
 * operand. For a verb that takes a config, the PyTorch program's options are replaced by operands
 * "section.key=value". On failure nothing needs freeing. */
dla_status dla_arguments_parse(dla_arguments *arguments, const dla_verb *verb, int argc,
                               char **argv, void *options, dla_error *err);
void dla_arguments_free(dla_arguments *arguments);

/* The config's layers from a parsed command line; they point to its strings. The caller frees
 * *overrides, also after a failure. */
dla_status dla_arguments_layers(const dla_arguments *arguments, dla_config_layers *layers,
                                char ***overrides, dla_error *err);
/* Loads the config. folders: see dla_config_load(). */
dla_status dla_arguments_config(const dla_arguments *arguments, dla_config_folders *folders,
                                dla_config *config, dla_error *err);

/* Parses the whole command line of a verb that takes a config, and loads the config. */
dla_status dla_cli_load_config(dla_config *config, const dla_verb *verb, int argc, char **argv,
                               void *options, dla_error *err);

/* How much of an argument an error may show, for %.*s: what is before the =, because what is behind
 * it may be a secret. */
int dla_argument_name_length(const char *argument);

/* Whether this operand is a section.key=value and not a file. (A file with a = in its name:
 * ./a=b.yaml) */
bool dla_operand_is_override(const char *operand);

#endif
