/* The program's verbs. A new verb needs a file src/cli/NAME.c that defines `const dla_verb
 * dla_verb_NAME`, its declaration below, and its row in verbs.c. */
#ifndef DLA_CLI_VERB_H
#define DLA_CLI_VERB_H

#include <stdbool.h>

#include "cli/flag.h"
#include "dla/status.h"

typedef struct dla_verb dla_verb;
typedef struct dla_arguments dla_arguments;

struct dla_verb {
  const char *name;
  const char *summary;   /* one line; NULL: the verb is not for people */
  const char *arguments; /* "FILE ..."; NULL: the verb takes a config */
  const dla_flag *flags; /* its own options; NULL: none */
  size_t options;        /* the size of the struct that they are stored in */
  bool parallel;         /* several ranks can run it together */
  /* Does the work, for a command line that has been parsed. It may print to stdout; the caller
   * checks for errors there. */
  dla_status (*act)(dla_arguments *arguments, void *options, dla_error *err);
  /* Instead of act, where the ranks must begin before: parses the command line itself. argv[0] is
   * the verb's first argument. */
  dla_status (*run)(const dla_verb *verb, int argc, char **argv, dla_error *err);
};

extern const dla_verb dla_verb_train;
extern const dla_verb dla_verb_run;
extern const dla_verb dla_verb_sweep;
extern const dla_verb dla_verb_submit;
extern const dla_verb dla_verb_eval;
extern const dla_verb dla_verb_predict;
extern const dla_verb dla_verb_bench;
extern const dla_verb dla_verb_find_lr;
extern const dla_verb dla_verb_graph;
extern const dla_verb dla_verb_inspect;
extern const dla_verb dla_verb_convert;
extern const dla_verb dla_verb_export;
extern const dla_verb dla_verb_report;
extern const dla_verb dla_verb_data;
extern const dla_verb dla_verb_stage;
extern const dla_verb dla_verb_config;
extern const dla_verb dla_verb_new;
extern const dla_verb dla_verb_doctor;
extern const dla_verb dla_verb_selftest;
extern const dla_verb dla_verb_help;
extern const dla_verb dla_verb_train_step;

/* Every verb, in the order of the help; ends with NULL. The first one is used if the command line
 * names none: `dla-train config.yaml`. */
extern const dla_verb *const dla_verbs[];

const dla_verb *dla_verb_find(const char *name);

/* Fails with DLA_E_INPUT and names the nearest verb. */
dla_status dla_verb_unknown(const char *name, dla_error *err);

/* Whether it takes [config.yaml] [section.key=value ...] and the PyTorch program's options. */
bool dla_verb_takes_config(const dla_verb *verb);

#endif
