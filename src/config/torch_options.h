/* The PyTorch program's own options, so that its command lines work here as they are. */
#ifndef DLA_CONFIG_TORCH_OPTIONS_H
#define DLA_CONFIG_TORCH_OPTIONS_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "dla/status.h"

typedef struct dla_torch_option {
  const char *name;  /* "checkpoint_in"; a - for the _ is taken, too */
  const char *value; /* what its value is, for help; NULL: it takes none */
  const char *key;   /* the key it sets; NULL: it sets none */
  const char *doc;
  bool file_may_be_missing; /* see dla_config.checkpoint */
  bool wants_ranks;         /* a single process is worth a word */
} dla_torch_option;

/* Ends with a row whose name is NULL. */
extern const dla_torch_option dla_torch_options[];

/* name is without the dashes in front; NULL where there is no such option. */
const dla_torch_option *dla_torch_option_find(const char *name);

/* Appends the override that the option with this value (NULL for an option without one) means:
 * "optimizer.lr=0.1", or nothing. */
dla_status dla_torch_option_translate(const dla_torch_option *option, const char *value,
                                      dla_strbuf *override, dla_error *err);

#endif
