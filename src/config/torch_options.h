/* The options of the PyTorch program, so that its command lines work here unchanged. */
#ifndef DLA_CONFIG_TORCH_OPTIONS_H
#define DLA_CONFIG_TORCH_OPTIONS_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "dla/status.h"

typedef struct dla_torch_option {
  const char *name;  /* "checkpoint_in"; a - in place of the _ is accepted, too */
  const char *value; /* the name of its value, for help; NULL: it takes none */
  const char *key;   /* the key it sets; NULL: it sets none */
  const char *doc;
  bool file_may_be_missing; /* see dla_config.checkpoint */
  bool wants_ranks;         /* warn if there is only one process */
} dla_torch_option;

/* Ends with a row whose name is NULL. */
extern const dla_torch_option dla_torch_options[];

/* Finds an option by its name without dashes; NULL if there is none. */
const dla_torch_option *dla_torch_option_find(const char *name);

/* Appends the override that the option stands for, "optimizer.lr=0.1", or nothing. value is NULL
 * for an option without one. */
dla_status dla_torch_option_translate(const dla_torch_option *option, const char *value,
                                      dla_strbuf *override, dla_error *err);

#endif
